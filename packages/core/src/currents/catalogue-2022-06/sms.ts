import type { CatalogueEntry } from '../types.ts';
import { fromPhoneNumber, property, smsMessage, subscriptionGroupId } from './property-sets.ts';

const kind = 'message_engagement';
const section = 'SMS events';
const carried = [...smsMessage, fromPhoneNumber] as const;
const failed = [
  ...smsMessage,
  property('error', 'string'),
  property('provider_error_code', 'string'),
] as const;

export const sms = [
  {
    eventType: 'users.messages.sms.Send',
    name: 'SMS Send',
    section,
    kind,
    properties: smsMessage,
  },
  {
    eventType: 'users.messages.sms.CarrierSend',
    name: 'SMS Send To Carrier',
    section,
    kind,
    properties: carried,
  },
  {
    eventType: 'users.messages.sms.Delivery',
    name: 'SMS Delivery',
    section,
    kind,
    properties: carried,
  },
  {
    eventType: 'users.messages.sms.Rejection',
    name: 'SMS Rejection',
    section,
    kind,
    properties: failed,
  },
  {
    eventType: 'users.messages.sms.DeliveryFailure',
    name: 'SMS Delivery Failure',
    section,
    kind,
    properties: failed,
  },
  {
    eventType: 'users.messages.sms.InboundReceive',
    name: 'SMS Inbound Receipt',
    section,
    kind,
    properties: [
      property('inbound_phone_number', 'string'),
      subscriptionGroupId,
      property('user_phone_number', 'string'),
      property('action', 'string'),
      property('message_body', 'string'),
    ],
  },
] as const satisfies readonly CatalogueEntry[];
