-- What `vim.lsp.enable('wtop')` starts, in Neovim 0.11 and later.
return {
  cmd = { 'wtop', 'lsp' },
  filetypes = { 'wtop' },
  root_markers = { 'wtop.toml', '.git' },
}
