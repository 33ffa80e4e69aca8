" Vim with ALE: the file type and colours of this folder, and diagnostics of the server.
" WTOP=PROGRAM vim -Nu NONE -es -S ale.vim LAB
set nocompatible
let &runtimepath = expand('<sfile>:p:h:h') .. ',' .. &runtimepath .. ',/usr/share/vim-ale'
let g:ale_linters = {'wtop': ['wtop']}
let g:ale_linters_explicit = 1
filetype plugin indent on
syntax on
runtime plugin/ale.vim
call ale#linter#Define('wtop', {'name': 'wtop', 'lsp': 'stdio', 'executable': $WTOP, 'command': '%e lsp', 'project_root': {buffer -> expand('#' . buffer . ':p:h')}})

let s:wrong = []
function! s:Check(name, holds, told) abort
  if !a:holds
    call add(s:wrong, '  FAILED ' . a:name . ': ' . string(a:told))
  endif
endfunction

edit
call s:Check('the file type', &filetype ==# 'wtop', &filetype)
let s:group = synIDattr(synID(1, 1, 1), 'name')
call s:Check('a keyword', s:group ==# 'wtopKeyword', s:group)
ALELint
let s:turns = 0
while s:turns < 400 && empty(get(get(g:ale_buffer_info, bufnr(''), {}), 'loclist', []))
  sleep 50m
  let s:turns += 1
endwhile
let s:found = get(get(g:ale_buffer_info, bufnr(''), {}), 'loclist', [])
call s:Check('a mistake is told', len(s:found) == 1 && s:found[0].text =~# 'no device `debain`' && s:found[0].lnum == 2, s:found)
call writefile(s:wrong + [printf('%d passed, %d failed', 3 - len(s:wrong), len(s:wrong))], $RESULT)
execute empty(s:wrong) ? 'qall!' : 'cquit'
