--- The lab as a drawing in a split, which follows edits. Enter leads to the source; the cursor there lights the drawing.
local M = {}

local server = require('wtop.server')
local group = vim.api.nvim_create_augroup('wtop-graph', { clear = true })
local things = vim.api.nvim_create_namespace('wtop-graph')
local current = vim.api.nvim_create_namespace('wtop-graph-current')

--- The colours of nodes, networks and links, and of what is under a cursor.
local colours = { node = 'WtopGraphNode', network = 'WtopGraphNetwork', link = 'WtopGraphLink' }
local defaults = {
  WtopGraphNode = 'Type',
  WtopGraphNetwork = 'String',
  WtopGraphLink = 'Comment',
  WtopGraphCurrent = 'Visual',
}

--- A drawing is redrawn when edits rest for so many milliseconds.
local REST = 100

--- Drawings by the buffer of their lab: `buffer`, `places`, `sources`, `timer`.
local drawings = {}

--- Calls `action` when nothing asked for it again for some time.
local function debounced(drawing, key, action)
  if drawing[key] then
    drawing[key]:stop()
  end
  drawing[key] = vim.defer_fn(action, REST)
end

local function window_of(buffer)
  return vim.fn.win_findbuf(buffer)[1]
end

--- The bytes of a column that the server counts in its own units.
local function byte(line, column, encoding)
  if encoding == 'utf-8' then
    return column
  end
  return vim.lsp.util._str_byteindex_enc and vim.lsp.util._str_byteindex_enc(line, column, encoding)
    or vim.str_byteindex(line, column, encoding == 'utf-16')
end

local function show(drawing, answer, encoding)
  local buffer = drawing.buffer
  drawing.sources, drawing.encoding, drawing.places = answer.sources, encoding, {}
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, answer.lines)
  vim.bo[buffer].modifiable = false
  for _, place in ipairs(answer.places) do
    local number = place.range.start.line
    local line = answer.lines[number + 1]
    local shown = {
      line = number,
      from = byte(line, place.range.start.character, encoding),
      to = byte(line, place.range['end'].character, encoding),
      kind = place.kind,
      path = place.path,
    }
    table.insert(drawing.places, shown)
    vim.api.nvim_buf_set_extmark(buffer, things, number, shown.from, {
      end_col = shown.to,
      hl_group = colours[shown.kind],
    })
  end
  local window = window_of(buffer)
  if window then
    vim.wo[window].winbar = answer.stale and '%#WarningMsg#The lab has mistakes; this is what it was before' or ''
  end
end

--- Lights all cells that show one of these paths.
local function light(drawing, paths)
  vim.api.nvim_buf_clear_namespace(drawing.buffer, current, 0, -1)
  for _, place in ipairs(drawing.places) do
    if vim.tbl_contains(paths, place.path) then
      vim.api.nvim_buf_set_extmark(drawing.buffer, current, place.line, place.from, {
        end_col = place.to,
        hl_group = 'WtopGraphCurrent',
        priority = 200,
      })
    end
  end
end

--- Asks for the drawing, in the width of its window.
local function refresh(source)
  local drawing = drawings[source]
  local client = drawing and server.client(source)
  local window = drawing and window_of(drawing.buffer)
  if not client or not window then
    return
  end
  local asked = {
    textDocument = { uri = vim.uri_from_bufnr(source) },
    width = vim.api.nvim_win_get_width(window) - 1,
  }
  local function answered(err, answer)
    if err or not vim.api.nvim_buf_is_valid(drawing.buffer) then
      return
    end
    if answer == nil or answer == vim.NIL then
      answer = { lines = { 'Nothing of this lab can be drawn yet.' }, places = {}, sources = {}, stale = false }
    end
    vim.api.nvim_buf_clear_namespace(drawing.buffer, things, 0, -1)
    show(drawing, answer, client.offset_encoding)
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('wtop/graphText', asked, answered, source)
  else
    client.request('wtop/graphText', asked, answered, source)
  end
end

--- The thing under the cursor in a drawing.
local function here(drawing)
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  for _, place in ipairs(drawing.places) do
    if place.line == line - 1 and place.from <= column and column < place.to then
      return place
    end
  end
end

--- Goes from the drawing to the source of what is under the cursor.
local function jump(source)
  local drawing = drawings[source]
  local place = here(drawing)
  local location = place and drawing.sources[place.path]
  if not location then
    vim.notify(place and 'wtop: ' .. place.path .. ' has no place in the source now' or 'wtop: nothing is drawn here')
    return
  end
  local window = window_of(source)
  if window then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd('aboveleft vsplit')
  end
  if vim.lsp.util.show_document then
    vim.lsp.util.show_document(location, drawing.encoding, { focus = true })
  else
    vim.lsp.util.jump_to_location(location, drawing.encoding)
  end
end

--- Lights what is declared where the cursor is in the source.
local function follow_cursor(source)
  local drawing = drawings[source]
  local client = drawing and server.client(source)
  local window = window_of(source)
  if not client or not window then
    return
  end
  local asked = vim.lsp.util.make_position_params(window, client.offset_encoding)
  local function answered(_, paths)
    if vim.api.nvim_buf_is_valid(drawing.buffer) then
      light(drawing, type(paths) == 'table' and paths or {})
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('wtop/graphAt', asked, answered, source)
  else
    client.request('wtop/graphAt', asked, answered, source)
  end
end

local function on(events, buffer, callback)
  vim.api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = callback })
end

local function watch(source, drawing)
  on({ 'CursorMoved', 'CursorMovedI' }, source, function()
    debounced(drawing, 'cursor_timer', function()
      follow_cursor(source)
    end)
  end)
  on('CursorMoved', drawing.buffer, function()
    local place = here(drawing)
    light(drawing, place and { place.path } or {})
  end)
  on({ 'WinResized', 'BufWinEnter' }, drawing.buffer, function()
    M.refresh(source)
  end)
  on('BufWipeout', drawing.buffer, function()
    vim.api.nvim_clear_autocmds({ group = group, buffer = source })
    drawings[source] = nil
  end)
end

--- Redraws soon.
function M.refresh(source)
  local drawing = drawings[source]
  if drawing then
    debounced(drawing, 'timer', function()
      refresh(source)
    end)
  end
end

--- `:Wtop graph`: opens the drawing of the lab in the current buffer beside it.
function M.open()
  local source = vim.api.nvim_get_current_buf()
  if not server.client(source) then
    vim.notify('wtop: the language server does not run here; see :checkhealth wtop', vim.log.levels.ERROR)
    return
  end
  for name, link in pairs(defaults) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
  vim.lsp.handlers['wtop/graphChanged'] = function(_, changed)
    M.refresh(vim.uri_to_bufnr(changed.uri))
  end
  if drawings[source] and window_of(drawings[source].buffer) then
    M.refresh(source)
    return
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].filetype = 'wtopgraph'
  vim.api.nvim_buf_set_name(buffer, 'wtop://graph/' .. vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ':t'))
  drawings[source] = { buffer = buffer, places = {}, sources = {} }
  vim.cmd('botright vsplit')
  local window = vim.api.nvim_get_current_win()
  vim.api.nvim_win_set_buf(window, buffer)
  for option, value in pairs({ wrap = false, number = false, relativenumber = false, list = false, spell = false }) do
    vim.wo[window][option] = value
  end
  vim.wo[window].signcolumn, vim.wo[window].foldcolumn = 'no', '0'
  local function map(key, action, says)
    vim.keymap.set('n', key, action, { buffer = buffer, nowait = true, desc = says })
  end
  map('<CR>', function()
    jump(source)
  end, 'Go to the source')
  map('q', '<Cmd>close<CR>', 'Close the drawing')
  watch(source, drawings[source])
  vim.cmd('wincmd p')
  refresh(source)
end

--- For tests and for other plugins: the buffer of a lab's drawing, and what each of its characters shows.
function M.drawing(source)
  return drawings[source]
end

return M
