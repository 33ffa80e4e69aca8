--- `:Wtop`, `:compiler wtop`, `:checkhealth wtop` and the help.
package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/?.lua;' .. package.path
local t = require('support')
t.load_plugin({})
vim.cmd.cd(t.folder)

local told
vim.notify = function(text)
  told = text
end

local parts = {}

parts['1 completion of the command line'] = function()
  t.equal('commands', vim.fn.getcompletion('Wtop ex', 'cmdline'), { 'explain' })
  t.open('targets.wtop', 'topology t\nnode a: debian\ntarget lab: kvm {}')
  t.check('targets', vim.tbl_contains(vim.fn.getcompletion('Wtop build ', 'cmdline'), 'lab'))
end

parts['2 check fills the quickfix list'] = function()
  t.open('bad.wtop', 'topology t\nnode a: debain // déjà\nlet é = 1')
  vim.cmd('Wtop check')
  local items = t.wait('mistakes are listed', function()
    local items = vim.fn.getqflist()
    return #items > 0 and items
  end)
  t.check('the first', items[1].text:find('E0410') and items[1].text:find('debian'), items[1])
  t.equal('its place', { items[1].lnum, items[1].col, items[1].end_col, items[1].type }, { 2, 9, 15, 'E' })
  vim.cmd('cclose')
end

parts['3 check of what is right'] = function()
  t.open('good.wtop', 'topology t\nnode a: debian')
  told = nil
  vim.cmd('Wtop check')
  t.wait('it says so', function()
    return told and told:find('no mistakes')
  end)
  t.equal('the list is empty', vim.fn.getqflist(), {})
end

parts['4 :make'] = function()
  vim.cmd('edit ' .. t.write('make.wtop', 'topology t\nnode a: debain\nnode b: debian\nlink b <-> c'))
  vim.cmd('compiler wtop')
  vim.o.makeprg = vim.o.makeprg:gsub('^wtop', t.program)
  vim.cmd('silent make! make.wtop')
  local items = vim.tbl_filter(function(item)
    return item.valid == 1
  end, vim.fn.getqflist())
  t.equal('places', vim.tbl_map(function(item)
    return { vim.fn.bufname(item.bufnr), item.lnum, item.col, item.nr, item.type }
  end, items), { { 'make.wtop', 2, 9, 410, 'E' }, { 'make.wtop', 4, 12, 203, 'E' } })
end

parts['5 explain'] = function()
  local buffer = t.open('explain.wtop', 'topology t\nnode a: debain')
  t.diagnostics('the mistake is told', buffer, 1)
  vim.api.nvim_win_set_cursor(0, { 2, 0 })
  vim.cmd('Wtop explain')
  t.wait('its page opens', function()
    local _, text = t.float()
    return text and text:find('unknown device') and text:find('Wrong')
  end)
  vim.cmd('fclose')
  told = nil
  vim.cmd('Wtop explain E9999')
  t.wait('an unknown code is told', function()
    return told
  end)
end

parts['6 build lists what it wrote'] = function()
  t.open('build.wtop', 'topology t\nnode a: debian\ntarget lab: kvm { images { debian = "d.qcow2" } }')
  vim.cmd('Wtop build lab')
  t.wait('files are listed', function()
    local items = vim.fn.getqflist()
    return #items > 2 and vim.iter(items):any(function(item)
      return vim.fn.bufname(item.bufnr):find('domains/.*a%.xml$')
    end)
  end)
  vim.cmd('cclose')
end

parts['7 devices and unknown commands'] = function()
  vim.cmd('Wtop devices')
  t.wait('the library is listed', function()
    return t.text():find('vsrx')
  end)
  vim.cmd('close')
  told = nil
  vim.cmd('Wtop fly')
  t.check('what there is, is told', told and told:find('explain'), told)
end

parts['8 health'] = function()
  t.open('health.wtop', 'topology t')
  vim.cmd('checkhealth wtop')
  local text = t.text()
  t.check('the program', text:find('OK wtop %d') or text:find('wtop %d+%.%d+%.%d+:'), text)
  t.check('the server', text:find('it serves'), text)
  t.check('nothing is wrong', not text:find('ERROR'), text)
  vim.cmd('close')
end

parts['9 help'] = function()
  local doc = t.plugin .. '/doc'
  local copy = t.folder .. '/help/doc'
  vim.fn.mkdir(copy, 'p')
  vim.fn.writefile(vim.fn.readfile(doc .. '/wtop.txt'), copy .. '/wtop.txt')
  vim.cmd('helptags ' .. copy)
  local tags = vim.fn.readfile(copy .. '/tags')
  t.check('there are tags', #tags > 10, tags)
  local known = {}
  for _, tag in ipairs(tags) do
    known[tag:match('^%S+')] = true
  end
  for link in table.concat(vim.fn.readfile(doc .. '/wtop.txt'), '\n'):gmatch('|([%w:()_.-]+)|') do
    t.check('|' .. link .. '| leads somewhere', known[link] or #vim.fn.getcompletion(link, 'help') > 0)
  end
end

t.run(parts)
