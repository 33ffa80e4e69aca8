--- `:checkhealth wtop`
local M = {}

local health = vim.health
local start = health.start or health.report_start
local ok = health.ok or health.report_ok
local warn = health.warn or health.report_warn
local fail = health.error or health.report_error
local info = health.info or health.report_info

local function neovim()
  start('wtop: Neovim')
  local version = vim.version()
  local text = ('%d.%d.%d'):format(version.major, version.minor, version.patch)
  if vim.fn.has('nvim-0.11') == 1 then
    ok('Neovim ' .. text)
  elseif vim.fn.has('nvim-0.9') == 1 then
    warn('Neovim ' .. text .. ' works; colours by tree-sitter and folds by the server need 0.11, hints and lenses 0.10')
  else
    fail('Neovim ' .. text .. ' is too old: 0.9 is the least, 0.11 has everything')
  end
end

local function program()
  start('wtop: the program')
  local name = require('wtop').program()
  if vim.fn.executable(name) == 0 then
    fail(('`%s` is not in the PATH'):format(name), { 'Install wtop, or set `cmd` in require("wtop").setup' })
    return
  end
  local said = vim.fn.system({ name, '--version' })
  if vim.v.shell_error == 0 then
    ok(vim.trim(said) .. ': ' .. vim.fn.exepath(name))
  else
    fail(('`%s --version` fails: %s'):format(name, vim.trim(said)))
  end
end

local function server()
  start('wtop: the language server')
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  local clients = get({ name = 'wtop' })
  if #clients == 0 then
    info('it does not run: open a .wtop file after require("wtop").setup()')
  end
  for _, client in ipairs(clients) do
    local root = client.config.root_dir or client.root_dir
    ok(('it serves %s'):format(root and vim.fn.fnamemodify(root, ':~') or 'single files'))
  end
end

local function parser()
  start('wtop: the tree-sitter parser')
  if require('wtop.parser').is_installed() then
    ok('it is installed')
  else
    info('it is not installed, so syntax/wtop.vim gives the colours; `:WtopInstallParser` compiles it')
  end
end

function M.check()
  neovim()
  program()
  server()
  parser()
end

return M
