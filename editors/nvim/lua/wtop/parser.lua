--- The tree-sitter parser: compiled once from the grammar in this repository, started in each buffer.
local M = {}

--- Where the grammar is: as set, or beside this plugin in its repository.
function M.grammar()
  local set = require('wtop').options.grammar
  if set then
    return vim.fn.expand(set)
  end
  local here = debug.getinfo(1, 'S').source:sub(2)
  return vim.fn.fnamemodify(here, ':p:h:h:h:h:h') .. '/grammar/tree-sitter-wtop'
end

--- The folder into which the parser and its queries are installed; Neovim looks there by itself.
function M.site()
  return vim.fn.stdpath('data') .. '/site'
end

--- Is there a parser that Neovim can load?
function M.is_installed()
  if vim.fn.has('nvim-0.11') == 0 or #vim.api.nvim_get_runtime_file('parser/wtop.so', false) == 0 then
    return false
  end
  return vim.treesitter.language.add('wtop') == true
end

--- Colours a buffer by tree-sitter, if the parser is installed.
function M.start(buffer)
  if M.is_installed() then
    vim.treesitter.start(buffer == 0 and vim.api.nvim_get_current_buf() or buffer, 'wtop')
  end
end

--- Compiles the parser and copies its queries. Returns nothing, or what went wrong.
function M.compile()
  if vim.fn.has('nvim-0.11') == 0 then
    return 'the parser needs Neovim 0.11; until then syntax/wtop.vim gives the colours'
  end
  local source = M.grammar() .. '/src'
  if vim.fn.filereadable(source .. '/parser.c') == 0 then
    return 'there is no grammar in ' .. M.grammar() .. '; set `grammar` to the folder grammar/tree-sitter-wtop of wtop'
  end
  local compiler
  for _, name in ipairs({ 'cc', 'gcc', 'clang' }) do
    compiler = compiler or (vim.fn.executable(name) == 1 and name or nil)
  end
  if not compiler then
    return 'there is no C compiler: install cc, gcc or clang'
  end
  vim.fn.mkdir(M.site() .. '/parser', 'p')
  vim.fn.mkdir(M.site() .. '/queries/wtop', 'p')
  local target = M.site() .. '/parser/wtop.so'
  -- Into a new file: the old one may be loaded.
  local fresh = target .. '.new'
  local command = { compiler, '-O2', '-shared', '-fPIC', '-I', source, source .. '/parser.c', source .. '/scanner.c' }
  local said = vim.fn.system(vim.list_extend(command, { '-o', fresh }))
  if vim.v.shell_error ~= 0 then
    return said
  end
  vim.fn.rename(fresh, target)
  for _, query in ipairs(vim.fn.glob(M.grammar() .. '/queries/*.scm', true, true)) do
    vim.fn.writefile(vim.fn.readfile(query), M.site() .. '/queries/wtop/' .. vim.fn.fnamemodify(query, ':t'))
  end
end

--- `:WtopInstallParser`
function M.install()
  local wrong = M.compile()
  if wrong then
    vim.notify('wtop: ' .. wrong, vim.log.levels.ERROR)
    return
  end
  -- Setting the path makes Neovim see a folder that was not there when it started.
  local path = vim.opt.runtimepath
  path:remove(M.site())
  path:append(M.site())
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == 'wtop' then
      M.start(buffer)
    end
  end
  vim.notify('wtop: the parser is in ' .. M.site() .. '/parser')
end

return M
