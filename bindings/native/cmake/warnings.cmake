# Warnings and sanitizers for a target of ours; never for what we only link.
function(mosis_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wold-style-cast -Wundef -Wnon-virtual-dtor)
  if(MOSIS_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MOSIS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${MOSIS_SANITIZE})
  endif()
endfunction()
