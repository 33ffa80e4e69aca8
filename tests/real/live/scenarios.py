"""The scenarios: each brings a lab up, and lets its guests say whether it is right."""

import signal
import subprocess
import time
from xml.etree import ElementTree

from driver import Console, Lab, Wrong, expect, leftovers


def two_hosts(wtop, folder):
    """Addresses from the seed, a way through the router in both families, and every way in."""
    lab = Lab(wtop, folder, 'two-hosts')
    said = lab.up()
    for node in ('h1', 'h2', 'r'):
        expect(f'{node}: ready' in said, f'wtop up did not wait for {node}:\n{said}')
    addresses = lab.exec('h1', 'ip address show eth1')
    expect('10.1.0.2/24' in addresses and '2001:db8:1::2/64' in addresses, f'h1 has other addresses:\n{addresses}')
    lab.exec('h1', 'ping -c 3 -w 30 10.2.0.2')
    lab.exec('h1', 'ping -c 3 -w 30 2001:db8:2::2')
    ways_in(lab, folder)
    expectations(lab, folder)
    lab.is_settled()
    return lab


def ways_in(lab, folder):
    everyone = lab.run('exec', '--all', '--', 'hostname')
    expect(everyone.splitlines() == ['h1: h1', 'h2: h2', 'r: r'], f'wtop exec --all says:\n{everyone}')
    lab.exec('h2', 'exit 7', code=7)
    expect('h2' in lab.run('ssh', 'h2', '--', '-T', '-o', 'RemoteCommand=hostname'), 'wtop ssh leads elsewhere')
    sent, back = folder / 'sent', folder / 'back'
    sent.write_text('copied there and back\n')
    lab.run('cp', sent, 'h1:/root/sent')
    lab.run('cp', 'h1:/root/sent', back)
    expect(back.read_text() == sent.read_text(), 'wtop cp brings back something else')
    record = folder / 'console.log'
    console = Console(lab, 'h1', '--record', str(record))
    console.wait_for('leaves it')
    console.type('\r')
    console.wait_for('login: ')
    console.type('root\r')
    console.wait_for('# ')
    console.type('echo $((6 * 7))-here\r')
    console.wait_for('42-here')
    console.leave()
    expect('42-here' in record.read_text(errors='replace'), 'wtop console --record lacks what was said')


def expectations(lab, folder):
    said = lab.run('test')
    expect('3 passed, 0 failed' in said, f'wtop test says:\n{said}')
    lab.exec('h2', 'mkdir -p /tmp/web && echo well >/tmp/web/index.html && httpd -h /tmp/web')
    before = lab.file.read_text()
    lab.file.write_text(before + 'expect web: http(h[1], "http://10.2.0.2/") == 200 { within = 20s }\n'
                        'expect http(h[1], "http://10.2.0.2/nothing") == 200\n')
    report = folder / 'report.xml'
    said = lab.run('test', '--junit', report, code=1)
    expect('4 passed, 1 failed' in said and '404 == 200' in said, f'wtop test says:\n{said}')
    suite = ElementTree.parse(report).getroot().find('testsuite')
    expect((suite.get('tests'), suite.get('failures')) == ('5', '1'), f'{report.read_text()}')
    lab.file.write_text(before)


def changes(wtop, folder):
    """A running lab becomes what its file says: a node more, a node less, a cable pulled."""
    lab = two_hosts(wtop, folder)
    boot = lab.exec('h1', 'cat /proc/sys/kernel/random/boot_id')
    lab.edit('node h[1..2]: tiny', 'node h[1..3]: tiny')
    lab.edit('link h[2] <-> right', 'link h[2] <-> right\nlink h[3] <-> right')
    actions = lab.plan()
    expect(('create', 'h3') in actions and len(actions) <= 2, f'a further node is planned as {actions}')
    lab.up()
    lab.exec('h1', 'ping -c 3 -w 30 10.2.0.3')
    lab.is_settled()
    lab.edit('link h[3] <-> right', 'link h[3] <-> right { state = down }')
    actions = lab.plan()
    expect(actions == [('update', 'h3')], f'a cable that is pulled is planned as {actions}')
    lab.up()
    lab.until('h3', 'cat /sys/class/net/eth1/carrier', lambda said: said.strip() == '0', 'the lost carrier')
    lab.edit(' { state = down }', '')
    lab.up()
    lab.until('h1', 'ping -c 1 -w 5 10.2.0.3', lambda said: ' 0% packet loss' in said, 'an echo')
    lab.edit('node h[1..3]: tiny', 'node h[1..2]: tiny')
    lab.edit('\nlink h[3] <-> right', '')
    actions = lab.plan()
    expect(('remove', 'h3') in actions and len(actions) <= 2, f'a node less is planned as {actions}')
    lab.up()
    lab.is_settled()
    expect(lab.exec('h1', 'cat /proc/sys/kernel/random/boot_id') == boot, 'h1 was restarted by changes of others')
    lab.down()


def leaf_spine(wtop, folder):
    """Routes come by OSPF; where a cable is cut, traffic takes another way."""
    lab = Lab(wtop, folder, 'leaf-spine')
    lab.up()
    loopback = lab.exec('leaf5', "ip -o address show dev lo | grep -o '10\\.255\\.[0-9.]*' | head -n 1").strip()
    way = f'ip route get {loopback}'
    took = lab.until('leaf1', f'ip route show {loopback}', lambda said: 'via' in said, f'a route to {loopback}', 180)
    print(f'  leaf1 knows a way to leaf5 {took:.0f} s after the guests are ready')
    lab.until('leaf1', f'ping -c 2 -w 10 {loopback}', lambda said: ' 0% packet loss' in said, 'an echo', 60)
    port = lab.exec('leaf1', way).split(' dev ')[1].split()[0]
    lab.run('link', f'leaf1:{port}', '--down')
    took = lab.until('leaf1', way, lambda said: ' dev ' in said and f'dev {port} ' not in said, 'another way', 60)
    lab.until('leaf1', f'ping -c 2 -w 10 {loopback}', lambda said: ' 0% packet loss' in said, 'an echo', 60)
    print(f'  traffic leaves {port} {took:.1f} s after it was cut')
    lab.up()
    lab.until('leaf1', f'cat /sys/class/net/{port}/carrier', lambda said: said.strip() == '1', 'the carrier', 30)
    lab.down()


def composite(wtop, folder):
    """A switch of two machines is one node: set up on both consoles, with a wire inside that passes packets."""
    lab = Lab(wtop, folder, 'composite')
    said = lab.up()
    for machine in ('switch/re', 'switch/pfe'):
        expect(f'{machine}: set up' in said, f'{machine} was not set up on its console:\n{said}')
    lab.exec('switch', 'ping -c 3 -w 30 169.254.0.1')
    lab.exec('h1', 'ping -c 3 -w 30 $(ip route | awk \'/10.0.0/ {print $1}\' | sed "s:0/30:1:" | head -n 1)', code=None)
    lab.is_settled()
    lab.down()


def faults(wtop, folder):
    """wtop is killed in the middle, again and again a little later; the next run brings all of it to an end."""
    lab = Lab(wtop, folder, 'two-hosts')
    kills, delay = 0, 0.1
    while True:
        process = subprocess.Popen(lab.command('up', '--yes', '--no-wait'), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(delay)
            break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        if kills % 2 == 0:
            lab.down()
        delay += 0.15
    expect(process.returncode == 0, f'after {kills} kills, wtop up ended with {process.returncode}')
    lab.up()
    lab.is_settled()
    time.sleep(1)
    while leftovers(lab.name):
        process = subprocess.Popen(lab.command('down', '--yes'), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            process.wait(0.4)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        if kills > 60:
            raise Wrong(f'killed {kills} times, wtop down never ends; there is left: {leftovers(lab.name)}')
    lab.down()
    print(f'  {kills} times killed')


def ring(wtop, folder, count=20):
    """Many small guests: how long they take."""
    lab = Lab(wtop, folder, 'ring')
    lab.edit('param n: int = 20', f'param n: int = {count}')
    begin = time.monotonic()
    lab.up('--no-wait')
    started = time.monotonic()
    answered = [lab.until(f'r{i}', 'true', lambda said: not said, 'a login', 900) for i in range(1, count + 1)]
    ready = time.monotonic()
    lab.is_settled()
    settled = time.monotonic()
    lab.down()
    print(f'  {len(answered)} guests: started {started - begin:.1f} s, all let in {ready - begin:.1f} s, '
          f'nothing to do {settled - ready:.2f} s, gone {time.monotonic() - settled:.1f} s')


SUITE = [changes, leaf_spine, composite, faults]
MEASURED = [ring]
