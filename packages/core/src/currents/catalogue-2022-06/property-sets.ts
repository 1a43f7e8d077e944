import type { PropertyType } from '../types.ts';

/** A listed property; its name in Mixpanel is its wire name by default. */
export function property<
  const Wire extends string,
  Type extends PropertyType,
  const Name extends string = Wire,
>(
  wire: Wire,
  type: Type,
  mixpanel?: Name,
): { readonly wire: Wire; readonly mixpanel: Name; readonly type: Type } {
  return { wire, mixpanel: (mixpanel ?? wire) as Name, type };
}

const text = <const Wire extends string>(wire: Wire) => property(wire, 'string');

export const appId = text('app_id');
export const platform = text('platform');
export const sessionId = text('session_id');
export const sendId = text('send_id');
export const dispatchId = text('dispatch_id');
export const emailAddress = text('email_address');
export const userAgent = text('user_agent');
export const subscriptionGroupId = text('subscription_group_id');
export const fromPhoneNumber = text('from_phone_number');

/** The app and the device on which something happened. */
export const device = [platform, text('os_version'), text('device_model')] as const;
export const appAndDevice = [appId, ...device] as const;

export const campaign = [text('campaign_id'), text('campaign_name')] as const;
export const campaignVariation = [...campaign, text('message_variation_id')] as const;
export const canvas = [text('canvas_id'), text('canvas_name')] as const;
export const canvasVariation = [...canvas, text('canvas_variation_id')] as const;
const canvasStep = [...canvasVariation, text('canvas_step_id')] as const;

/** Where a message came from: a campaign or a Canvas step, and the send it belongs to. */
export const message = [...campaignVariation, ...canvasStep, sendId] as const;

/** Text messages also name the Canvas variation and step, unlike every other channel of this catalogue. */
export const smsMessage = [
  ...campaignVariation,
  ...canvasVariation,
  text('canvas_variation_name'),
  text('canvas_step_id'),
  text('canvas_step_name'),
  sendId,
  dispatchId,
  text('to_phone_number'),
  subscriptionGroupId,
] as const;

/** What a conversion was: its position among the conversion behaviors, and the behavior as JSON text. */
export const conversion = [
  property('conversion_behavior_index', 'int'),
  text('conversion_behavior'),
] as const;
