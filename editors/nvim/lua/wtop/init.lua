--- Options, and what is switched on in a buffer once the server is there.
local M = {}

--- What `setup` takes. docs: `:help wtop-options`.
M.options = {
  cmd = { 'wtop', 'lsp' },
  settings = {},
  inlay_hints = true,
  code_lens = true,
  document_highlight = true,
  folding = true,
  completion = false,
  format_on_save = false,
  grammar = nil,
}

--- The program, as it is started for `:Wtop` and for tests of its health.
function M.program()
  return M.options.cmd[1]
end

--- Takes options, and starts the server in every buffer with a lab.
function M.setup(options)
  M.options = vim.tbl_deep_extend('force', M.options, options or {})
  require('wtop.server').enable(M.options)
end

return M
