"""What the scenarios share: a lab in a folder of its own, the commands of wtop, and what is left of a lab."""

import json
import os
import pathlib
import pty
import select
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
LABS = ROOT / 'tests/real/labs'


class Wrong(Exception):
    """What a guest or wtop said is not what it should have said."""


class Lab:
    """A copy of a lab that may be edited, and wtop for it."""

    def __init__(self, wtop, folder, name):
        self.wtop, self.name = wtop, name
        self.folder = folder / name
        shutil.copytree(LABS, self.folder)
        self.file = self.folder / f'{name}.wtop'

    def command(self, command, *arguments):
        """The words of a command for this lab; what stands behind `--` stays last."""
        words = [str(argument) for argument in arguments]
        at = words.index('--') if '--' in words else len(words)
        place = [self.file] if command in ('plan', 'up', 'down', 'status', 'test') else ['--file', self.file]
        return [self.wtop, *command.split(), *words[:at], *map(str, place), *words[at:]]

    def run(self, command, *arguments, code=0, within=600):
        """Runs a command, which must end with this code (None: any); gives what it said, errors last."""
        try:
            done = subprocess.run(self.command(command, *arguments), stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, errors='replace', timeout=within)
        except subprocess.TimeoutExpired as late:
            said = (late.stdout or b'').decode(errors='replace') + (late.stderr or b'').decode(errors='replace')
            raise Wrong(f'wtop {command} takes longer than {within} s; it said:\n{said}') from None
        said = done.stdout + done.stderr
        if code is not None and done.returncode != code:
            raise Wrong(f'wtop {command} {" ".join(map(str, arguments))} ended with {done.returncode}:\n{said}')
        return said

    def up(self, *arguments, **options):
        return self.run('up', '--yes', *arguments, **options)

    def down(self):
        self.run('down', '--yes')
        left = leftovers(self.name)
        if left:
            raise Wrong(f'wtop down leaves {", ".join(left)}')

    def exec(self, node, line, **options):
        return self.run('exec', node, '--', line, **options)

    def until(self, node, line, holds, what, within=120):
        """Asks a guest again and again, until what it says is right; gives the seconds that took."""
        begin = time.monotonic()
        while True:
            said = self.exec(node, line, code=None)
            if holds(said):
                return time.monotonic() - begin
            if time.monotonic() - begin > within:
                raise Wrong(f'{node}: {what} did not come within {within} s; `{line}` says:\n{said}')
            time.sleep(0.5)

    def edit(self, before, after):
        text = self.file.read_text()
        if before not in text:
            raise Wrong(f'{self.file.name} has no `{before}` to edit')
        self.file.write_text(text.replace(before, after))

    def plan(self):
        """The actions that `wtop up` would take, as (action, path)."""
        done = subprocess.run(self.command('plan', '--format', 'json'), capture_output=True, text=True)
        expect(done.returncode in (0, 2), f'wtop plan ended with {done.returncode}:\n{done.stderr}')
        return [(change['action'], change['path']) for change in json.loads(done.stdout)['changes']]

    def is_settled(self):
        said = self.up()
        expect('nothing to do' in said, f'a second `wtop up` has something to do:\n{said}')


def expect(holds, otherwise):
    if not holds:
        raise Wrong(otherwise)


def virsh(line):
    return subprocess.run(['virsh', '-q', '-c', 'qemu:///system', *line.split()], capture_output=True, text=True,
                          check=True).stdout


def leftovers(name):
    """What libvirt and this network still have of a lab, but for images, which all labs share."""
    prefix = f'{name}-'
    left = [found for line in ('list --all --name', 'net-list --all --name') for found in virsh(line).split()
            if found.startswith(prefix)]
    left += [line.split()[0] for line in virsh('vol-list default').splitlines() if line.strip().startswith(prefix)]
    left += [link for link in os.listdir('/sys/class/net') if link.startswith(('wt', 'wn', 'wi'))]
    return left


class Console:
    """`wtop console` on a terminal of its own."""

    def __init__(self, lab, node, *arguments):
        self.said = ''
        self.process, self.terminal = None, None
        process, terminal = pty.fork()
        if process == 0:
            os.execvp(lab.wtop, lab.command('console', node, *arguments))
        self.process, self.terminal = process, terminal

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait_for(self, text, within=60):
        end = time.monotonic() + within
        while text not in self.said:
            ready, _, _ = select.select([self.terminal], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise Wrong(f'the console does not say `{text}` within {within} s, but:\n{self.said}')
            self.said += self.read()

    def read(self):
        try:
            piece = os.read(self.terminal, 4096)
        except OSError:  # what a terminal says whose program has ended
            piece = b''
        if not piece:
            raise Wrong(f'the console ended early; it said:\n{self.said}')
        return piece.decode(errors='replace')

    def leave(self):
        """Types the escape key; wtop must end by itself, and well."""
        self.type('\x1d')
        end = time.monotonic() + 10
        while time.monotonic() < end:
            ready, _, _ = select.select([self.terminal], [], [], 0.1)
            try:
                if ready and not os.read(self.terminal, 4096):
                    break
            except OSError:
                break
        _, status = os.waitpid(self.process, 0)
        os.close(self.terminal)
        expect(status == 0, f'wtop console ended with {os.waitstatus_to_exitcode(status)}')
