-- Commands for every session; the server starts only when `require('wtop').setup()` or `vim.lsp.enable('wtop')` says so.
if vim.g.loaded_wtop then
  return
end
vim.g.loaded_wtop = 1

vim.api.nvim_create_user_command('Wtop', function(command)
  require('wtop.command').run(command.fargs)
end, {
  nargs = '*',
  complete = function(word, line)
    return require('wtop.command').complete(word, line)
  end,
  desc = 'Check, format, build, draw or explain a lab',
})

vim.api.nvim_create_user_command('WtopInstallParser', function()
  require('wtop.parser').install()
end, { desc = 'Compile the tree-sitter parser of wtop' })
