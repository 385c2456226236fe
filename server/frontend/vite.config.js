import { defineConfig } from "vite";

// The names of the built files are stable: the templates ask whether they are there, and do without where they aren't.
export default defineConfig({
  base: "./",
  logLevel: "error",
  build: {
    outDir: "../vertragsgraph/web/static/app",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: { explore: "src/explore.js", query: "src/query.js" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
