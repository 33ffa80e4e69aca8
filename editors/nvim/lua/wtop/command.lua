--- `:Wtop`: the program's commands on the lab in the current buffer.
local M = {}

local function tell(text, level)
  vim.notify('wtop: ' .. text, level or vim.log.levels.INFO)
end

local function fail(text)
  tell(text, vim.log.levels.ERROR)
end

--- The lab in the current buffer, written if it has changed: the program reads files.
local function lab()
  local name = vim.api.nvim_buf_get_name(0)
  if vim.bo.filetype ~= 'wtop' or name == '' then
    fail('this buffer holds no lab')
    return nil
  end
  if vim.bo.modified then
    vim.cmd('silent write')
  end
  return vim.fn.fnamemodify(name, ':.')
end

--- Runs the program, and calls `done(code, stdout, stderr)` in the main loop.
local function run(arguments, done)
  local command = { require('wtop').program() }
  vim.list_extend(command, arguments)
  if vim.fn.executable(command[1]) == 0 then
    fail(('`%s` is not in the PATH'):format(command[1]))
    return
  end
  if vim.system then
    vim.system(command, { text = true }, vim.schedule_wrap(function(ended)
      done(ended.code, ended.stdout or '', ended.stderr or '')
    end))
  else
    local said = vim.fn.system(command)
    done(vim.v.shell_error, said, said)
  end
end

--- A place of the program's JSON, whose columns count characters, as one of the quickfix list, which counts bytes.
local function quickfix_place(place)
  local buffer = vim.fn.bufadd(place.file)
  vim.fn.bufload(buffer)
  local function column(at)
    local line = vim.api.nvim_buf_get_lines(buffer, at.line - 1, at.line, false)[1] or ''
    return #vim.fn.strcharpart(line, 0, at.column - 1) + 1
  end
  local first, last = place.start, place['end']
  return { bufnr = buffer, lnum = first.line, col = column(first), end_lnum = last.line, end_col = column(last) }
end

--- Fills the quickfix list from the JSON of `check` or `build`. Returns how many are in it, or nothing if it is no JSON.
local function list_diagnostics(json, title)
  local ok, report = pcall(vim.json.decode, json, { luanil = { object = true, array = true } })
  if not ok or type(report) ~= 'table' or not report.diagnostics then
    return nil
  end
  local items = {}
  for _, found in ipairs(report.diagnostics) do
    local item = found.place and quickfix_place(found.place) or {}
    local help = found.help and ' (' .. found.help .. ')' or ''
    item.text = ('[%s] %s%s'):format(found.code, found.message, help)
    item.type = found.severity == 'error' and 'E' or 'W'
    table.insert(items, item)
  end
  vim.fn.setqflist({}, ' ', { title = title, items = items })
  vim.cmd(#items > 0 and 'botright cwindow' or 'cclose')
  return #items
end

local commands = {}

function commands.check(arguments)
  local file = lab()
  if not file then
    return
  end
  local asked = vim.list_extend({ 'check', '--format', 'json', file }, arguments)
  run(asked, function(_, out, err)
    local count = list_diagnostics(out, 'wtop check ' .. file)
    if not count then
      fail(vim.trim(err))
    elseif count == 0 then
      tell(file .. ' has no mistakes')
    end
  end)
end

function commands.format()
  if require('wtop.server').client(0) then
    vim.lsp.buf.format({ name = 'wtop' })
    return
  end
  local file = lab()
  if file then
    run({ 'fmt', file }, function(code, _, err)
      if code ~= 0 then
        fail(vim.trim(err))
      end
      vim.cmd('checktime')
    end)
  end
end

--- Lists what was built, by the manifest in its folder.
local function list_artifacts(folder, title)
  local manifest = vim.json.decode(table.concat(vim.fn.readfile(folder .. '/manifest.json'), '\n'))
  local items = {}
  for _, file in ipairs(manifest.files) do
    table.insert(items, { filename = folder .. '/' .. file.path, text = ('%s, %d bytes'):format(file.kind, file.bytes) })
  end
  vim.fn.setqflist({}, ' ', { title = title, items = items })
  vim.cmd('botright copen')
end

function commands.build(arguments)
  local file = lab()
  if not file then
    return
  end
  local asked = { 'build', file, '--format', 'json' }
  if arguments[1] and not vim.startswith(arguments[1], '-') then
    table.insert(arguments, 1, '--target')
  end
  run(vim.list_extend(asked, arguments), function(code, out, err)
    local folder = (out .. err):match('files? [ai][rs]e? in `([^`]+)`')
    if code == 0 and folder then
      list_artifacts(folder, 'wtop build ' .. file)
    elseif not list_diagnostics(out, 'wtop build ' .. file) then
      fail(vim.trim(err))
    end
  end)
end

--- The code that is meant: given, of the diagnostic under the cursor, or the word there.
local function code_here(given)
  if given then
    return given
  end
  local line, column = vim.fn.line('.') - 1, vim.fn.col('.') - 1
  local here = vim.diagnostic.get(0, { lnum = line })
  table.sort(here, function(a, b)
    return math.abs(a.col - column) < math.abs(b.col - column)
  end)
  return here[1] and here[1].code or vim.fn.expand('<cword>'):match('^[EWew]%d%d%d%d$')
end

function commands.explain(arguments)
  local code = code_here(arguments[1])
  if not code then
    tell('there is no mistake on this line; `:Wtop explain E0101` takes a code')
    return
  end
  run({ 'explain', code:upper(), '--format', 'json' }, function(status, out, err)
    if status ~= 0 then
      fail(vim.trim(err))
      return
    end
    local page = vim.json.decode(out)
    local text = ('# %s: %s\n\n%s\n\n## Wrong\n\n```wtop\n%s```\n\n## Right\n\n```wtop\n%s```'):format(
      page.code, page.title, page.explanation, page.wrong, page.right)
    vim.lsp.util.open_floating_preview(vim.split(text, '\n'), 'markdown', {
      border = 'rounded',
      focus_id = 'wtop-explain',
      max_width = 90,
    })
  end)
end

function commands.graph()
  require('wtop.graph').open()
end

--- Has the server serve the page of the lab, and lights in it what the cursor is at.
function commands.preview()
  local client = require('wtop.server').client(0)
  if not client then
    fail('the language server does not run here')
    return
  end
  local buffer = vim.api.nvim_get_current_buf()
  local document = { uri = vim.uri_from_bufnr(buffer) }
  require('wtop.server').ask(client, 'wtop/preview', { textDocument = document }, buffer, function(answer)
    if vim.ui.open then
      vim.ui.open(answer.url)
    end
    tell('the preview is at ' .. answer.url)
  end)
  vim.api.nvim_create_autocmd('CursorMoved', {
    group = vim.api.nvim_create_augroup('wtop-preview-' .. buffer, { clear = true }),
    buffer = buffer,
    callback = function()
      require('wtop.server').tell(client, 'wtop/cursor', vim.lsp.util.make_position_params(0, client.offset_encoding))
    end,
  })
end

function commands.devices(arguments)
  run(vim.list_extend({ 'devices', '--color', 'never' }, arguments), function(code, out, err)
    if code ~= 0 then
      fail(vim.trim(err))
      return
    end
    vim.cmd('botright new')
    vim.bo.buftype, vim.bo.bufhidden, vim.bo.swapfile = 'nofile', 'wipe', false
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(vim.trim(out), '\n'))
    vim.bo.modifiable = false
  end)
end

function commands.doctor()
  vim.cmd('checkhealth wtop')
end

--- What may stand behind each command.
local arguments = {
  check = function()
    return { '--target' }
  end,
  build = function()
    local targets = {}
    for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
      table.insert(targets, line:match('^%s*target%s+([%w_-]+)%s*:'))
    end
    return vim.list_extend(targets, { 'kvm', 'heat', 'json', '--locked' })
  end,
  explain = function()
    return vim.tbl_map(function(found)
      return found.code
    end, vim.diagnostic.get(0))
  end,
}

function M.run(words)
  local name = words[1] or 'check'
  if commands[name] then
    commands[name](vim.list_slice(words, 2))
  else
    fail(('there is no command `%s`; there are %s'):format(name, table.concat(M.names(), ', ')))
  end
end

function M.names()
  local names = vim.tbl_keys(commands)
  table.sort(names)
  return names
end

function M.complete(word, line)
  local name = line:match('^%s*%S+%s+(%S+)%s')
  local offered = name == nil and M.names() or (arguments[name] and arguments[name]() or {})
  return vim.tbl_filter(function(one)
    return vim.startswith(one, word)
  end, offered)
end

return M
