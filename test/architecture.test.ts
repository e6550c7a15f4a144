/** The house rules, kept by a test: which way imports may point, how large a file and a function may be. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '..');
const FILE_LINES_MAX = 250;
const FUNCTION_LINES_MAX = 70;
const LINE_CHARS_MAX = 120;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));

/** What each part of the tree may import of the others. Tests and benches may import everything. */
const MAY_IMPORT: Record<string, string[]> = {
  core: ['core'],
  api: ['api', 'core', 'package.json'],
  adapters: ['adapters', 'core'],
  lambdas: ['lambdas', 'api', 'adapters', 'core'],
  local: ['local', 'api', 'adapters', 'core', 'package.json'],
  lib: ['lib', 'lambdas', 'core'],
  bin: ['bin', 'lib', 'lambdas', 'adapters', 'core'],
  'meanwhile.config.ts': ['core'],
};

/** The functions' files that hold nothing but names both sides of a deployment use. */
const FUNCTION_NAMES = ['lambdas/runtime/environment.ts', 'lambdas/runtime/metric-names.ts'];

/** Packages of `core`: zod, and pure libraries for dates and text. `node:crypto` only through its one door. */
const CORE_PACKAGES = [
  ...['zod', 'temporal-polyfill', 're2js', 'tinyld', 'sanitize-html', 'html-to-text', 'htmlparser2', 'postal-mime'],
];
const CORE_DOORS: Record<string, string[]> = { 'core/digest.ts': ['node:crypto'] };
const IMPURE =
  /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.|performance\.|setTimeout\(|setImmediate\(|fetch\(|console\.)/;

function importsOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [
    ...source.matchAll(/^(?:import|export)\b[^;]*?from\s+'([^']+)'/gms),
    ...source.matchAll(/import\('([^']+)'\)/g),
  ].map(([, target]) => target ?? '');
}

/** A relative import as a path from the root. */
function targetOf(file: string, target: string): string {
  return relative(ROOT, resolve(ROOT, dirname(file), target));
}

function partOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** The lengths of functions, methods and tests' suites aside, told by their indentation: Biome keeps it honest. */
function functionsOf(file: string): { name: string; lines: number }[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.flatMap((line, start) => {
    const head =
      /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\*? ?|static |async |readonly |get |\*?#?)(\w+)?.*\{$/.exec(
        line,
      );
    const isFunction = /\bfunction\b|=> \{$|^\s+(?:static |async |get |\*)*#?\w+\(.*\).*\{$/.test(line);
    if (head === null || !isFunction || /^\s*(?:if|for|while|switch|describe|it)\b/.test(line)) return [];
    const indent = head[1] ?? '';
    const length = lines.slice(start + 1).findIndex((other) => other.startsWith(`${indent}}`));
    return length < 0 ? [] : [{ name: `${file}:${start + 1}`, lines: length + 2 }];
  });
}

const isTest = (file: string): boolean => partOf(file) === 'test';

describe('imports', () => {
  it('point only where the layout lets them', () => {
    const wrong = files.flatMap((file) => {
      const allowed = MAY_IMPORT[partOf(file)];
      if (allowed === undefined) return [];
      return importsOf(file)
        .filter((target) => target.startsWith('.') && !allowed.includes(partOf(targetOf(file, target))))
        .map((target) => `${file} → ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('name files that are there, with their ending', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('.') && !existsSync(join(ROOT, targetOf(file, target))))
        .map((target) => `${file} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('of core are core, zod and pure libraries', () => {
    const wrong = files
      .filter((file) => partOf(file) === 'core')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => !target.startsWith('.') && !CORE_PACKAGES.includes(target))
          .filter((target) => !CORE_DOORS[file]?.includes(target))
          .map((target) => `${file} → ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('of infrastructure take from the functions only names', () => {
    const wrong = files
      .filter((file) => ['lib', 'bin'].includes(partOf(file)))
      .flatMap((file) => importsOf(file).map((target) => targetOf(file, target)))
      .filter((target) => partOf(target) === 'lambdas' && !FUNCTION_NAMES.includes(target));
    expect(wrong).toEqual([]);
  });

  it('of one kind of adapter never name another', () => {
    const kindOf = (path: string) => path.split('/')[1];
    const wrong = files
      .filter((file) => partOf(file) === 'adapters')
      .flatMap((file) => importsOf(file).map((target) => ({ file, target: targetOf(file, target) })))
      .filter(({ file, target }) => partOf(target) === 'adapters' && kindOf(file) !== kindOf(target));
    expect(wrong).toEqual([]);
  });
});

describe('core', () => {
  it('knows no clock, no chance and no process', () => {
    const wrong = files
      .filter((file) => partOf(file) === 'core')
      .filter((file) => IMPURE.test(readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')));
    expect(wrong).toEqual([]);
  });
});

describe('sizes', () => {
  it(`no file is over ${FILE_LINES_MAX} lines`, () => {
    const long = files.map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > FILE_LINES_MAX)).toEqual([]);
  });

  it(`no function of the product is over ${FUNCTION_LINES_MAX} lines`, () => {
    const measured = files.filter((file) => !isTest(file)).flatMap(functionsOf);
    expect(measured.length, 'the measure finds functions at all').toBeGreaterThan(200);
    expect(measured.filter(({ lines }) => lines > FUNCTION_LINES_MAX)).toEqual([]);
  });

  it(`no line is over ${LINE_CHARS_MAX} characters`, () => {
    const long = files.flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          line.length > LINE_CHARS_MAX && !line.includes('<!doctype') ? [`${file}:${index + 1}`] : [],
        ),
    );
    expect(long).toEqual([]);
  });
});

describe('names', () => {
  it('say what a file is for', () => {
    const vague = /(^|\/)(utils?|helpers?|common|services?|types|managers?|misc)(\.|\/)/;
    expect(files.filter((file) => vague.test(file))).toEqual([]);
  });

  it('of files are in kebab case', () => {
    expect(files.filter((file) => !/^[a-z0-9./-]+$/.test(file))).toEqual([]);
  });
});

describe('documents', () => {
  const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
  const [readme, contributing] = [read('README.md'), read('CONTRIBUTING.md')];

  it('README is at most 150 lines, and its commands and links exist', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(150);
    const scripts = [...`${readme}\n${contributing}`.matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name ?? '');
    expect(scripts.filter((name) => !(name in packageJson.scripts))).toEqual([]);
    const links = [...`${readme}\n${contributing}`.matchAll(/\]\((?!http|#)([^)#]+)/g)].map(([, path]) => path ?? '');
    expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('security.md names tests that exist', () => {
    const named = [...read('docs/security.md').matchAll(/`(test\/[^`]+)`: ([^|]+?) +\|/g)];
    expect(named.length).toBeGreaterThan(20);
    const missing = named
      .filter(([, file = '', title = '']) => !title.includes('×') && !read(file).includes(title))
      .map(([, file, title]) => `${file}: ${title}`);
    expect(missing).toEqual([]);
  });

  it('CONTRIBUTING names every script', () => {
    const named = Object.keys(packageJson.scripts).filter(
      (name) => contributing.includes(`npm ${name}`) || contributing.includes(`npm run ${name}`),
    );
    expect(named).toEqual(Object.keys(packageJson.scripts));
  });
});
