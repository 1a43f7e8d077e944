import { expect, it } from 'vitest';
import { eventTypeOption, mixpanelNameOption } from './event-names.ts';

it.each([
  ['Email Send', 'Did you mean "users.messages.email.Send"?'],
  ['email send ', 'Did you mean "users.messages.email.Send"?'],
  ['SMS Send To Carrier', 'Did you mean "users.messages.sms.CarrierSend"?'],
])('an event type of Braze is refused if it is a name in Mixpanel: %j', (text, advice) => {
  expect(() => eventTypeOption(text)).toThrow(`This is a name in Mixpanel. ${advice}`);
});

it.each([
  ['users.messages.email.Send', 'Did you mean "Email Send"?'],
  ['users.messages.sms.CarrierSend', 'Did you mean "SMS Send To Carrier" or "SMS Carrier Send"?'],
  ['users.behaviors.CustomEvent', 'Did you mean "[Braze Custom Event] <name>"?'],
])('a name in Mixpanel is refused if it is an event type of Braze: %j', (text, advice) => {
  expect(() => mixpanelNameOption(text)).toThrow(`This is an event type of Braze. ${advice}`);
});

it('other texts are accepted as they are, since any may be an event type or a name', () => {
  for (const text of ['users.messages.fax.Send', 'x', ' '])
    expect([eventTypeOption(text), mixpanelNameOption(text)]).toEqual([text, text]);
  expect(eventTypeOption('users.messages.email.Send')).toBe('users.messages.email.Send');
  expect(mixpanelNameOption('Email Send')).toBe('Email Send');
});
