"""Commands of those who keep a register: begin one, prove, link, look sources up again, withdraw."""
