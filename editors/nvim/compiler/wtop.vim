" :make looks for mistakes with `wtop check` and fills the quickfix list.
if exists('current_compiler')
  finish
endif
let current_compiler = 'wtop'

CompilerSet makeprg=wtop\ check\ --color\ never\ $*
" error[E0410]: there is no device `debain`
"    ╭─[ lab.wtop:2:9 ]
"    … the code, with labels …
" ───╯
CompilerSet errorformat=%Eerror[E%n]:\ %m,%Wwarning[W%n]:\ %m,%C%\\s%#╭─[\ %f:%l:%c\ ]%.%#,%Z───╯,%C%.%#,%-G%.%#
