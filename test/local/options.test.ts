/** The process given wrong options, a wrong config or a port that is taken. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ProductProcess } from '../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm start, asked wrongly', () => {
  it.each([
    [['--port', 'x'], '--port is a number'],
    [['--port='], '--port is empty'],
    [['--clock', 'sundial'], '--clock is system or manual'],
    [['--at', '2026-01-01T00:00:00Z'], '--at goes with --clock manual'],
    [['--clock', 'manual', '--at', 'noon'], '--at is an instant'],
    [['--clock', 'manual', '--at', '2026'], '--at is an instant'],
    [['--smtp-url', 'http://x'], '--smtp-url begins with smtp://'],
    [['--colour'], "Unknown option '--colour'"],
  ])('with %j says so, and how to ask', async (args, message) => {
    const { code, stderr } = await ProductProcess.run(args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).toContain('npm start -- [options]');
  });

  it('for help gives it', async () => {
    const { code, stdout } = await ProductProcess.run(['--help']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('--data FOLDER')]);
  });

  it('with a config that is wrong lists every error by its path', async () => {
    const config = join(folder, 'wrong.config.ts');
    const definition = {
      id: 'x!',
      name: 'X',
      languages: ['xx'],
      calendars: {},
      agents: {},
      teams: {},
      defaultTeam: 'a',
    };
    const module = resolve(import.meta.dirname, '../../core/policy/define-business.ts');
    writeFileSync(
      config,
      `import { defineBusiness } from '${module}';\nexport const x = defineBusiness(${JSON.stringify(definition)});\n`,
    );
    const { code, stderr } = await ProductProcess.run(['--config', config, '--data', join(folder, 'b')]);
    expect(code).toBe(1);
    for (const path of ['id: ', 'languages.0: ', 'replyTarget: ']) expect(stderr).toContain(path);
    expect(stderr).not.toContain('at defineBusiness');
  });

  it('with rules and deadlines that are wrong lists them all, and so does the synthesis of the stack', async () => {
    const config = join(folder, 'rules.config.ts');
    const definition = {
      ...{ id: 'acme', name: 'Acme', languages: ['en'], defaultTeam: 'support' },
      calendars: { office: { timeZone: 'UTC', hours: { mon_fri: ['08:00-12:00', '11:00-13:00'] } } },
      agents: {},
      teams: { support: { name: 'S', address: 's@acme.example', calendar: 'office', agents: [] } },
      replyTarget: { first: '4h', next: '4h' },
      routing: [
        {
          id: 'intake',
          on: ['start'],
          mode: 'first',
          rules: [
            { id: 'a', do: { team: 'sales' } },
            { id: 'b', do: {} },
          ],
        },
      ],
      sla: [{ id: 'all', metrics: { 'first-reply': { within: '4h', calendar: 'moon' } } }],
    };
    const module = resolve(import.meta.dirname, '../../core/policy/define-business.ts');
    writeFileSync(
      config,
      `import { defineBusiness } from '${module}';\n` +
        `export const x = defineBusiness(${JSON.stringify(definition)} as never);\n`,
    );
    const problems = [
      'calendars.office.hours.mon_fri: has intervals that overlap',
      'routing.0.rules.0.do.team: there is no team sales',
      'routing.0.rules.1: is never reached: rule a before it always holds',
      'sla.0.metrics.first-reply.calendar: there is no calendar moon',
    ];
    const started = await ProductProcess.run(['--config', config, '--data', join(folder, 'c')]);
    const app = resolve(import.meta.dirname, '../../bin/app.ts');
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ config, 'aws:cdk:bundling-stacks': [] }) };
    const synthesized = spawnSync(process.execPath, ['--no-warnings', app], { encoding: 'utf8', env });
    expect([started.code, synthesized.status]).toEqual([1, 1]);
    for (const problem of problems) {
      expect(started.stderr).toContain(problem);
      expect(synthesized.stderr).toContain(problem);
    }
  });

  it('with a config that serves nobody, or none at all, says so', async () => {
    const empty = join(folder, 'empty.config.ts');
    writeFileSync(empty, 'export const nothing = 1;\n');
    expect((await ProductProcess.run(['--config', empty])).stderr).toContain('exports no business');
    const missing = await ProductProcess.run(['--config', join(folder, 'none.ts')]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('There is no config file')]);
  });

  it('with a config that has one business twice says so', async () => {
    const twice = join(folder, 'twice.config.ts');
    const example = resolve(import.meta.dirname, '../../meanwhile.config.ts');
    const module = resolve(import.meta.dirname, '../../core/policy/define-business.ts');
    writeFileSync(
      twice,
      `import { defineBusiness } from '${module}';\nimport { acme } from '${example}';\n` +
        "export { acme };\nexport const twin = defineBusiness({ ...acme, name: 'Twin' });\n",
    );
    const { code, stderr } = await ProductProcess.run(['--config', twice, '--data', join(folder, 'c')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('more than one business acme')]);
  });

  it('on a port that is taken says so, without a stack', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await ProductProcess.run(['--port', String(port), '--data', join(folder, 'd')]);
    taken.close();
    expect([code, stderr]).toEqual([1, expect.stringContaining('name another port')]);
    expect(stderr).not.toContain('    at ');
  });
});
