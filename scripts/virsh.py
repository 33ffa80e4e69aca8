"""What the libvirt scripts share: the artifact folders of the kvm target, and batches of virsh commands.

Needs virsh (package libvirt-clients).
"""
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

MISSING = "virsh is not installed. Run 'scripts/install demo'."


class Lab:
    """The libvirt documents in one artifact folder: `networks/*.xml` and `domains/*.xml`, by name."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.networks = sorted(self.folder.glob('networks/*.xml'))
        self.domains = sorted(self.folder.glob('domains/*.xml'))


def labs_below(roots):
    """Every artifact folder below the given folders."""
    found = {path.parent.parent for root in roots for kind in ('networks', 'domains')
             for path in pathlib.Path(root).rglob(f'{kind}/*.xml')}
    return [Lab(folder) for folder in sorted(found)]


def name_of(path):
    """The name that a network's or domain's document gives; the file's own where it has none."""
    try:
        name = ElementTree.parse(path).findtext('name')
    except ElementTree.ParseError:
        name = None
    return name or path.stem


def in_one_line(answer):
    """A refusal without virsh's line breaks and repeated prefix."""
    return '; '.join(line.removeprefix('error: ') for line in answer.splitlines() if line.strip())


def quoted(word):
    """A word as virsh's own command line reads it."""
    return "'" + str(word).replace("'", "'\\''") + "'"


def batch(uri, commands):
    """Runs the commands in one virsh, and gives (command, answer, whether virsh carried it out) for each.

    One process, since every connection to `test:///default` has a hypervisor of its own.
    """
    if not commands:
        return []
    try:
        ran = subprocess.run(['virsh', '-c', uri], input='\n'.join(commands).encode() + b'\n', check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    except FileNotFoundError:
        raise SystemExit(MISSING) from None
    # Each answer follows the prompt and, on the same line, the command's echo, in which long ones are wrapped with \r.
    said = ran.stdout.decode(errors='replace')
    answers = re.split(r'^virsh # ', said, flags=re.MULTILINE)[1:]
    if len(answers) < len(commands):
        raise SystemExit(f'virsh -c {uri} stopped early:\n{said}')
    told = []
    for command, answer in zip(commands, answers):
        echo, _, rest = answer.partition('\n')
        answer = (rest if echo.startswith(command.split()[0]) else answer).strip()
        told.append((command, answer, not re.search(r'^error:', answer, flags=re.MULTILINE)))
    return told


def on_mock(commands):
    """A batch on libvirt's mock hypervisor, emptied first: it comes with a network and a machine whose names a lab may want."""
    clear = ['destroy test', 'undefine test', 'net-destroy default', 'net-undefine default']
    return batch('test:///default', clear + commands)[len(clear):]
