import { AclCheck } from './acl-check.js';
import { parseAclFile } from './acl-file.js';

const house = `# guests
topic read news/#
topic deny news/secret/#
topic write box

user alice
topic alice/#
topic read $SYS/#
topic deny alice/no
topic readwrite a b/c d
user bob smith
topic write in/+
user alice
topic deny alice/neither

pattern read devices/%c/state
pattern readwrite users/%u/#
pattern deny users/%u/locked
`;

type Client = [username: string | undefined, clientId?: string];

function may(
  [username, clientId = 'c1']: Client,
  access: 'read' | 'write',
  topic: string,
  file = house,
) {
  return new AclCheck(parseAclFile('acl', file), { username, clientId }).may(access, topic);
}

describe(AclCheck, () => {
  it.each<[string, Client, 'read' | 'write', string, boolean]>([
    ['gives the first rules to anonymous clients', [undefined], 'read', 'news/today', true],
    ['and only as they say', [undefined], 'write', 'news/today', false],
    ['denies before it grants', [undefined], 'read', 'news/secret/1', false],
    ['matches # with its parent', [undefined], 'read', 'news', true],
    ['does not give them to users', ['alice'], 'read', 'news/today', false],
    ['nor to users without rules', ['eve'], 'read', 'news/today', false],
    ['takes no access word for readwrite', ['alice'], 'write', 'alice/x/y', true],
    ['joins the sections of one user, deny first', ['alice'], 'read', 'alice/neither', false],
    ['denies writing what is denied', ['alice'], 'write', 'alice/no', false],
    ['lets spaces be in topics', ['alice'], 'write', 'a b/c d', true],
    ['lets spaces be in user names', ['bob smith'], 'write', 'in/1', true],
    ['matches + with one level', ['bob smith'], 'write', 'in/1/2', false],
    ['gives $SYS where it is named', ['alice'], 'read', '$SYS/broker/uptime', true],
    ['gives patterns to everybody', [undefined], 'read', 'devices/c1/state', true],
    ['puts the client identifier in', [undefined], 'read', 'devices/c2/state', false],
    ['keeps patterns to their access', [undefined], 'write', 'devices/c1/state', false],
    ['puts the user name in', ['alice'], 'write', 'users/alice/x', true],
    ['and nobody else', ['alice'], 'write', 'users/bob/x', false],
    ['denies by pattern first', ['alice'], 'write', 'users/alice/locked', false],
    ['skips %u for clients without a name', [undefined], 'write', 'users//x', false],
    ['denies what nobody mentioned', ['alice'], 'read', 'other', false],
  ])('%s', (_, client, access, topic, answer) => {
    expect(may(client, access, topic)).toBe(answer);
  });

  // CVE-2017-7650, CVE-2026-44838
  it.each(['+', '#', 'a+', 'a#b'])('gives nothing by pattern to the name %s', (name) => {
    expect(may([name, 'c1'], 'read', 'users/alice/x')).toBe(false);
    expect(may([name, 'c1'], 'read', 'devices/c1/state')).toBe(false);
    expect(may(['alice', name], 'read', 'devices/c2/state')).toBe(false);
    expect(may(['alice', name], 'write', 'users/alice/x')).toBe(false);
    expect(may(['alice', name], 'read', 'alice/x')).toBe(true);
  });

  it('never takes a name for several levels', () => {
    const grant = 'pattern write users/%u/x';
    expect(may(['a/b'], 'write', 'users/a/b/x', grant)).toBe(false);
    const deny = 'pattern deny users/%u/x\npattern write users/#';
    expect(may(['a/b'], 'write', 'users/a/b/x', deny)).toBe(false);
    expect(may(['a'], 'write', 'users/b/x', deny)).toBe(true);
  });

  it('does not reach $SYS by wildcards, patterns included', () => {
    const file = 'topic #\ntopic +/broker/uptime\npattern read #\npattern read %c/broker/uptime';
    expect(may([undefined, 'x'], 'read', '$SYS/broker/uptime', file)).toBe(false);
    expect(may([undefined, 'x'], 'read', 'x/broker/uptime', file)).toBe(true);
  });

  it('denies everything by an empty file', () => {
    expect(may(['alice'], 'read', 'a', '')).toBe(false);
    expect(may([undefined], 'write', 'a', '\n# nothing\n')).toBe(false);
  });

  it('answers the same when it remembers, however many topics it was asked about', () => {
    const sut = new AclCheck(parseAclFile('acl', house), { username: 'alice', clientId: 'c1' });
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 200; i++) {
        expect(sut.may('read', `alice/${i}`)).toBe(true);
        expect(sut.may('read', `bob/${i}`)).toBe(false);
        expect(sut.may('read', 'devices/c1/state')).toBe(true);
        expect(sut.may('write', 'devices/c1/state')).toBe(false);
      }
    }
  });
});

describe(parseAclFile, () => {
  it.each([
    ['topics a', '"topics" starts no rule; allowed: topic, user, pattern'],
    ['  # note', '"#" starts no rule; allowed: topic, user, pattern'],
    ['topic', 'topic: names no topic'],
    ['topic deny', 'topic: names no topic'],
    [
      'topic all a',
      'topic: no access "all"; allowed before the topic: read, write, readwrite, deny',
    ],
    ['topic a b', 'topic: no access "a"; allowed before the topic: read, write, readwrite, deny'],
    ['topic read a/#/b', 'topic: "a/#/b" is no topic filter'],
    ['topic a+', 'topic: "a+" is no topic filter'],
    ['topic read $share/g/a', 'topic: "$share/g/a" is no topic filter'],
    ['user', 'user: names no user'],
    ['user ', 'user: names no user'],
    ['pattern write', 'pattern: names no topic'],
    ['pattern write sensor-%u/x', 'pattern: %c and %u must be the whole level, not sensor-%u'],
    ['topic read \uFFFD', 'topic: is not UTF-8 text'],
  ])('stops at "%s"', (line, why) => {
    expect(() => parseAclFile('acl', `topic a\n\n${line}\n`)).toThrow(`acl:3: ${why}`);
  });

  it('takes Windows line ends', () => {
    expect(may(['bob'], 'read', 'a', 'user bob\r\ntopic read a\r\n')).toBe(true);
  });
});
