" For Vim; Neovim reads wtop.lua beside this.
if !has('nvim')
  autocmd BufRead,BufNewFile *.wtop setfiletype wtop
endif
