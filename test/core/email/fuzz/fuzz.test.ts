import { expect, it } from 'vitest';
import { seedMails } from '../seed-mails.ts';
import { fuzz } from './fuzz.ts';
import { mutatedMail, mutations } from './mutated-mail.ts';
import { wholePath } from './whole-path.ts';

it('broken mails go the whole path, and nothing that acts comes of them', async () => {
  const defects: string[] = [];
  const { mails, labels, cutAt } = await fuzz(
    1,
    300,
    () => {},
    (defect) => defects.push(defect),
  );
  expect([mails, defects]).toEqual([300, []]);
  expect(Object.keys(labels).length, 'mails of every kind').toBeGreaterThan(4);
  expect(Object.keys(cutAt).length, 'mails that are too much').toBeGreaterThan(1);
});

it('a seed is the same mail every time', () => {
  expect(mutatedMail(7)).toEqual(mutatedMail(7));
  expect(Object.keys(mutations).length).toBeGreaterThan(10);
});

it('the mails that they are made of go it too', () => {
  expect(
    Object.entries(seedMails).flatMap(([name, mail]) => wholePath(mail).defects.map((one) => `${name}: ${one}`)),
  ).toEqual([]);
});
