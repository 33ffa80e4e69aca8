"""What a terminal shows of Neovim with the plugin: diagnostics beside the text, the list of completions, the drawing.

Usage: terminal.py NVIM WTOP [SCREENS], where SCREENS is a folder for the screens as text. Needs pyte.
"""

import fcntl
import os
import pathlib
import pty
import select
import struct
import sys
import tempfile
import termios
import time

import pyte

ROWS, COLUMNS = 40, 150
PLUGIN = pathlib.Path(__file__).resolve().parent.parent

LAB = """topology lab

network office { subnet = 172.16.1.0/24 }

node h1: debian
node h2: debian
node fw: vsrx

link h1 <-> fw:ge-0/0/0
link fw:ge-0/0/1 <-> office
link h2 <-> office
"""

INIT = """
vim.opt.runtimepath:prepend('{plugin}')
require('wtop').setup({{ cmd = {{ '{wtop}', 'lsp' }}, completion = true }})
vim.diagnostic.config({{ virtual_text = true }})
vim.o.completeopt = 'menuone,noselect,popup'
"""


class Terminal:
    def __init__(self, program, arguments, screens):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.screens = screens
        self.failed = 0
        pid, self.pty = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
            os.execv(program, [program, *arguments])
        fcntl.ioctl(self.pty, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def type(self, keys):
        os.write(self.pty, keys.encode())

    def wait(self, holds, seconds=20.0):
        """Reads what is drawn until something holds of the lines."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.pty], [], [], 0.05)[0]:
                try:
                    self.stream.feed(os.read(self.pty, 65536))
                except OSError:
                    return False
            elif holds(self.screen.display):
                return True
        return False

    def check(self, name, holds):
        ok = self.wait(holds)
        if not ok:
            self.failed += 1
            print(f"  FAILED {name}\n" + "\n".join(line.rstrip() for line in self.screen.display))
        if self.screens:
            page = "\n".join(line.rstrip() for line in self.screen.display)
            pathlib.Path(self.screens, name.replace(" ", "-") + ".txt").write_text(page + "\n")


def shows(*texts):
    return lambda lines: all(any(text in line for line in lines) for text in texts)


def offers(text):
    """Is a text offered in a list over the lines of the lab, which is left of the drawing?"""
    return lambda lines: any(text in line[: COLUMNS // 2 - 1] and "node" not in line[: COLUMNS // 2 - 1] for line in lines)


def main():
    nvim, wtop = sys.argv[1:3]
    screens = sys.argv[3] if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory() as folder:
        lab = pathlib.Path(folder, "lab.wtop")
        lab.write_text(LAB)
        init = pathlib.Path(folder, "init.lua")
        init.write_text(INIT.format(plugin=PLUGIN, wtop=wtop))
        terminal = Terminal(nvim, ["-n", "--clean", "-u", str(init), str(lab)], screens)
        terminal.check("the lab is shown", shows("topology lab"))
        terminal.type(":Wtop graph\r")
        terminal.check("the drawing is beside it", shows("│   h1   │", "│eth1", "office  172.16.1.0/24", "-> office"))
        terminal.type("Gonode h3: debain\x1b")
        terminal.check("a mistake is told beside the line", shows("there is no device `debain`"))
        terminal.check("the drawing says that it is old", shows("The lab has mistakes"))
        terminal.type("ciwdebian\x1bolink h3 <-> office\x1b")
        terminal.check("the drawing follows", shows("   h3   │"))
        terminal.type("onode h4: deb")
        terminal.check("completions are listed", offers("debian"))
        terminal.type("ian\x1b")
        terminal.check("the drawing follows again", shows("   h4   │"))
        terminal.type("gg6j0fvK")
        terminal.check("hover opens", shows("Juniper"))
        terminal.type(":qa!\r")
        terminal.wait(lambda lines: False, 3)
        print(f"{8 - terminal.failed} passed, {terminal.failed} failed")
        sys.exit(1 if terminal.failed else 0)


if __name__ == "__main__":
    main()
