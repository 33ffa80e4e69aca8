" Two spaces for each bracket that is open at the end of the line before.
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=WtopIndent(v:lnum)
setlocal indentkeys=0},0),0],o,O
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*WtopIndent')
  finish
endif

" The line without texts and comments, whose brackets mean nothing.
function! s:Code(line) abort
  let code = substitute(a:line, '"\%(\\.\|[^"\\]\)*"', '', 'g')
  return substitute(code, '//.*$', '', '')
endfunction

function! WtopIndent(lnum) abort
  let before = prevnonblank(a:lnum - 1)
  if before == 0
    return 0
  endif
  let code = s:Code(getline(before))
  " Brackets that close what an earlier line opened have moved this line already.
  let rest = substitute(code, '^\s*[])}]\+', '', '')
  let open = count(rest, '{') + count(rest, '(') + count(rest, '[')
  let closed = count(rest, '}') + count(rest, ')') + count(rest, ']')
  let depth = open > closed ? 1 : open < closed ? -1 : 0
  if getline(a:lnum) =~# '^\s*[])}]'
    let depth -= 1
  endif
  return max([indent(before) + depth * shiftwidth(), 0])
endfunction
