import { expect, it } from 'vitest';
import { catalogue2022_06, resolveSelection } from './index.ts';

const resolve = (...names: string[]) => resolveSelection(names, catalogue2022_06);

it('a selection may use event types and Mixpanel names, in any letter case and with extra spaces', () => {
  expect(resolve('users.messages.EMAIL.send', ' Canvas entry ')).toEqual({
    ok: true,
    eventTypes: ['users.messages.email.Send', 'users.canvas.Entry'],
  });
});

it.each([
  'Custom Event',
  'custom event',
  '<Custom Event Name>',
  '[Braze Custom Event]',
  'users.behaviors.CustomEvent',
])('a selection has all custom events by the name %j', name => {
  expect(resolve(name)).toEqual({ ok: true, eventTypes: ['users.behaviors.CustomEvent'] });
});

it('a selection has an event type once, however often and by whichever name it was given', () => {
  expect(resolve('Purchase', 'users.behaviors.Purchase', 'purchase')).toEqual({
    ok: true,
    eventTypes: ['users.behaviors.Purchase'],
  });
});

it('a selection is in the catalogue’s order, so that equal selections are equal lists', () => {
  expect(resolve('Email Open', 'Purchase')).toEqual(resolve('Purchase', 'Email Open'));
});

it('a selection names all unknown event types, as they were written', () => {
  expect(resolve('Purchase', 'Emial Send', 'toString')).toEqual({
    ok: false,
    unknown: ['Emial Send', 'toString'],
  });
});

it('a selection of no names is empty', () => {
  expect(resolve()).toEqual({ ok: true, eventTypes: [] });
});

it('a selection resolves every name of the catalogue to its own entry', () => {
  for (const { name, eventType } of catalogue2022_06.entries) {
    expect(resolve(name)).toEqual({ ok: true, eventTypes: [eventType] });
  }
});
