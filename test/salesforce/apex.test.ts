import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOPIC } from '../../src/chatter/events/message-events.ts';
import { brokenApexRules } from './apex-rules.ts';

const root = new URL('../../salesforce/', import.meta.url).pathname;
const project = JSON.parse(readFileSync(join(root, 'sfdx-project.json'), 'utf8')) as {
  packageDirectories: { path: string }[];
  sourceApiVersion: string;
};
const version = project.sourceApiVersion;
const paths = project.packageDirectories.flatMap(({ path }) =>
  readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length)),
);
const files = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

describe('the source package for Salesforce', () => {
  it('keeps every rule', () => {
    expect(brokenApexRules(files, version)).toEqual([]);
  });

  it('is really read: a trigger, its class, a test, an event with its fields, a permission set', () => {
    const names = paths.map((path) => path.split('/').at(-1)).toSorted();
    expect(names.filter((name) => !name?.endsWith('-meta.xml'))).toEqual([
      'ChatterMessageEvents.cls',
      'ChatterMessageEventsTest.cls',
      'ChatterMessagePublish.trigger',
    ]);
    expect(names.filter((name) => name?.endsWith('.field-meta.xml'))).toHaveLength(5);
    expect(version).toBe('66.0');
  });

  it('makes the event that the bridge subscribes to, published after the commit', () => {
    const event = TOPIC.split('/').at(-1) ?? '';
    const [, object = ''] = [...files].find(([path]) => path.endsWith(`/${event}.object-meta.xml`)) ?? [];
    expect(object).toContain('<publishBehavior>PublishAfterCommit</publishBehavior>');
    expect(object).toContain('<eventType>HighVolume</eventType>');
    const [, permissions = ''] = [...files].find(([path]) => path.endsWith('.permissionset-meta.xml')) ?? [];
    expect(permissions).toContain(`<object>${event}</object>`);
    expect([...permissions.matchAll(/<(\w+)>true</g)].map(([, right]) => right)).toEqual(['allowRead']);
  });
});

describe('the rules', () => {
  const meta = '<?xml version="1.0"?><ApexClass><apiVersion>66.0</apiVersion></ApexClass>';
  const fine = 'trigger T on ChatterMessage (after insert) { try { A.b(); } catch (Exception e) { A.c(); } }';
  const broken = (path: string, source: string, more: Record<string, string> = {}) =>
    brokenApexRules(new Map(Object.entries({ [path]: source, [`${path}-meta.xml`]: meta, ...more })), '66.0');
  const inClass = (body: string) => `public class A { static void b(List<Id> ids) { ${body} } }`;

  it('let through what is fine', () => {
    expect(broken('T.trigger', fine)).toEqual([]);
    const loop = 'for (Account a : [SELECT Id FROM Account]) { ids.add(a.Id); } insert new Account();';
    expect(broken('A.cls', inClass(loop))).toEqual([]);
  });

  it.each<[what: string, path: string, source: string, says: string]>([
    ['a syntax error', 'A.cls', 'public class A { void b( }', 'A.cls has a syntax error at 1:25'],
    ['a wrong escape', 'A.cls', "public class A { String b = '\\q'; }", 'A.cls has a syntax error at 1:28'],
    [
      'a query in a loop',
      'A.cls',
      inClass('for (Id i : ids) { List<Account> a = [SELECT Id FROM Account WHERE Id = :i]; }'),
      'A.cls queries within a loop',
    ],
    [
      'a query in the condition of a loop',
      'A.cls',
      inClass('while ([SELECT COUNT() FROM Account] > 0) { b(ids); }'),
      'A.cls queries within a loop',
    ],
    [
      'a search in a loop',
      'A.cls',
      inClass("do { List<List<SObject>> a = [FIND 'x' RETURNING Account]; } while (true);"),
      'A.cls queries within a loop',
    ],
    [
      'an event published in a loop',
      'A.cls',
      inClass('for (Integer i = 0; i < 2; i++) { eventbus.publish(new List<SObject>()); }'),
      'A.cls writes or publishes within a loop',
    ],
    [
      'a record inserted in a loop',
      'A.cls',
      inClass('for (Id i : ids) { insert new Account(); }'),
      'A.cls writes or publishes within a loop',
    ],
    [
      'a database call in a loop',
      'A.cls',
      inClass('for (Id i : ids) { Database.insert(new Account()); }'),
      'A.cls writes or publishes within a loop',
    ],
    ['the text', 'A.cls', inClass('String t = m.body;'), 'A.cls names the text of a message'],
    [
      'the text in a query',
      'A.cls',
      inClass('List<ChatterMessage> m = [SELECT Id, Body FROM ChatterMessage];'),
      'A.cls names the text of a message',
    ],
    [
      'a trigger without try',
      'T.trigger',
      'trigger T on ChatterMessage (after insert) { A.b(); }',
      'T.trigger lets exceptions out',
    ],
    [
      'something beside the try',
      'T.trigger',
      fine.replace('{ try', '{ A.b(); try'),
      'T.trigger lets exceptions out',
    ],
    [
      'a catch of some exceptions only',
      'T.trigger',
      fine.replace('Exception e', 'DmlException e'),
      'T.trigger lets exceptions out',
    ],
    ['a rethrow', 'T.trigger', fine.replace('A.c();', 'throw e;'), 'T.trigger lets exceptions out'],
    [
      'a veto',
      'T.trigger',
      fine.replace('A.c();', "Trigger.new[0].addError('no');"),
      'T.trigger lets exceptions out',
    ],
    [
      'a field that is not there',
      'A.cls',
      inClass('Some__e e = new Some__e(Known__c = 1, Unknown__c = 2);'),
      'A.cls sets Some__e.Unknown__c, which is not there',
    ],
  ])('see %s', (_what, path, source, says) => {
    const field = { 'objects/Some__e/fields/Known__c.field-meta.xml': '<CustomField/>' };
    expect(broken(path, source, field)).toEqual([says]);
  });

  it('see a class without its description, and one of another version', () => {
    expect(brokenApexRules(new Map([['A.cls', 'public class A {}']]), '66.0')).toEqual([
      'A.cls has no -meta.xml',
    ]);
    const old = { 'A.cls-meta.xml': meta.replace('66.0', '60.0') };
    expect(broken('A.cls', 'public class A {}', old)).toEqual(['A.cls is not of 66.0']);
  });

  it.each([
    ['<a><b></a></b>', '</a> closes something else'],
    ['<a>', '<a> is not closed'],
    ['<a/><b/>', '2 roots'],
    ['', '0 roots'],
    ['<a>R&D</a>', 'an & stands by itself'],
    ['<a b=c/>', 'a tag is broken'],
    ['<a/>x', 'text outside the root'],
  ])('see that %s is no XML', (text, says) => {
    expect(broken('A.cls', 'public class A {}', { 'x-meta.xml': text })).toEqual([`x-meta.xml: ${says}`]);
  });
});
