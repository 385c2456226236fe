-- Point look-ups for wrk: each one new, or always the same twenty. Arguments: PATH BASE CONTRACTS fresh|repeated RUN
local path, base, contracts, fresh, run
local number = 0

function init(arguments)
  path, base, contracts = arguments[1], arguments[2], tonumber(arguments[3])
  fresh, run = arguments[4] == "fresh", arguments[5]
  wrk.headers["Accept"] = "application/sparql-results+json"
end

-- As clients do: what RFC 3986 calls unreserved stays.
local function encoded(text)
  return (text:gsub("[^%w%-._~]", function(character) return string.format("%%%02X", character:byte()) end))
end

function request()
  number = number + 1
  local contract = fresh and (number * 7919) % contracts or number % 20
  local query = "SELECT ?p ?o WHERE { <" .. base .. "id/contract/" .. contract .. "> ?p ?o }"
  -- The comment makes each query one that was never seen before.
  if fresh then query = query .. " #" .. run .. "." .. number end
  return wrk.format("GET", path .. "?query=" .. encoded(query))
end
