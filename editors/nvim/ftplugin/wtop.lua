if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

vim.bo.commentstring = '// %s'
vim.bo.comments = ':///,://!,://'
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2
vim.bo.textwidth = 120
vim.opt_local.formatoptions:remove('t')
vim.opt_local.formatoptions:append('croqlj')
vim.bo.suffixesadd = '.wtop'
vim.b.undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< textwidth<'
  .. ' formatoptions< suffixesadd<'

-- Colours by tree-sitter where its parser is installed, else by syntax/wtop.vim.
require('wtop.parser').start(0)
