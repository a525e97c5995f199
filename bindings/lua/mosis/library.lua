-- Finds and loads libmosis; nothing else.
local ffi = require 'ffi'

ffi.cdef(require 'mosis.cdef')

local fileNames = { Windows = 'mosis.dll', OSX = 'libmosis.dylib' }
local fileName = fileNames[ffi.os] or 'libmosis.so'

-- The folder of this file; nil inside a .love archive, where no library can be loaded from.
local function ownFolder()
  local source = debug.getinfo(1, 'S').source
  return source:match('^@(.*[/\\])[^/\\]*$')
end

--- Where it is looked for, in this order. `path`: from mosis.options, may be nil.
local function candidates(path)
  local fromEnvironment = os.getenv('MOSIS_LIBRARY')
  if fromEnvironment and fromEnvironment ~= '' then
    return { fromEnvironment } -- said outright: another one would hide a mistake
  end
  if path then
    return { path }
  end
  local found = {}
  local folder = ownFolder()
  if folder then
    table.insert(found, folder .. fileName)
  end
  if rawget(_G, 'love') and love.filesystem then
    table.insert(found, love.filesystem.getSourceBaseDirectory() .. '/' .. fileName)
    table.insert(found, love.filesystem.getSource() .. '/' .. fileName)
  end
  table.insert(found, 'mosis') -- the system's search path
  return found
end

local function check(library)
  local major = bit.rshift(library.mosis_abi_version(), 16)
  if major ~= library.MOSIS_ABI_VERSION_MAJOR then
    error(('mosis: the library has interface version %d, this module was made for %d: put the matching one beside the game')
      :format(major, library.MOSIS_ABI_VERSION_MAJOR), 0)
  end
  return library
end

--- Loads the library, or raises an error that names every place that was tried.
return function(path)
  local tried = {}
  for _, candidate in ipairs(candidates(path)) do
    local loaded, library = pcall(ffi.load, candidate)
    if loaded then
      return check(library)
    end
    table.insert(tried, '  ' .. tostring(library))
  end
  error('mosis: no library ' .. fileName .. ': put it beside the module, or set MOSIS_LIBRARY to its path; tried\n'
    .. table.concat(tried, '\n'), 0)
end
