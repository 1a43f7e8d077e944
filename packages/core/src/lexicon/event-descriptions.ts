import type { CatalogueEntry } from '../currents/types.ts';

/** What each channel sends, by the third part of the event type. */
const messages: Readonly<Record<string, string>> = {
  banner: 'a banner',
  contentcard: 'a Content Card',
  email: 'an email',
  featureflag: 'a feature flag experiment',
  inappmessage: 'an in-app message',
  line: 'a LINE message',
  liveactivity: 'a Live Activity',
  newsfeedcard: 'a News Feed card',
  pushnotification: 'a push notification',
  rcs: 'an RCS message',
  sms: 'an SMS message',
  webhook: 'a webhook',
  whatsapp: 'a WhatsApp message',
};

/** What happened, by the last part of the event type. */
const actions: Readonly<Record<string, (it: string) => string>> = {
  Abort: it => `Braze cancelled ${it} before it was sent or shown.`,
  Bounce: it => `${upper(it)} could not be delivered, and is not sent again.`,
  CarrierSend: it => `Braze passed ${it} to the carrier.`,
  Click: it => `The user clicked ${it}.`,
  Deferral: it => `The receiving server put off ${it}; it is tried again later.`,
  Delivery: it => `${upper(it)} was delivered.`,
  DeliveryFailure: it => `${upper(it)} could not be delivered.`,
  Dismiss: it => `The user dismissed ${it}.`,
  Failure: it => `${upper(it)} could not be delivered.`,
  Impression: it => `The user saw ${it}.`,
  InboundReceive: it => `Braze received ${it} from the user.`,
  MarkAsSpam: it => `The user marked ${it} as spam.`,
  Open: it => `The user opened ${it}.`,
  Outcome: it => `Braze learned the outcome of sending ${it}.`,
  Read: it => `The user read ${it}.`,
  Rejection: it => `${upper(it)} was rejected before it was delivered.`,
  Retry: it => `Braze will try again to send ${it}.`,
  Send: it => `Braze sent ${it}.`,
  ShortLinkClick: it => `The user clicked a shortened link in ${it}.`,
  SoftBounce: it => `${upper(it)} could not be delivered for now, for example since the mailbox was full.`,
};

/** Event types that are not a message and an action, or that the two would describe wrongly. */
const others: Readonly<Record<string, string>> = {
  'agentconsole.AgentExecuted': 'A Braze agent ran.',
  'agentconsole.ToolInvocation': 'A Braze agent used a tool.',
  'users.RandomBucketNumberUpdate': 'The random bucket number of the user changed.',
  'users.UserDeleteRequest': 'The deletion of the user was requested in Braze.',
  'users.UserOrphan': 'The profile of the user was merged into another one, and no longer exists.',
  'users.behaviors.InstallAttribution': 'The installation of the app was attributed to a source.',
  'users.behaviors.Location': 'The app recorded the location of the user.',
  'users.behaviors.Purchase': 'The user made a purchase that the app reported to Braze.',
  'users.behaviors.Uninstall': 'Braze noticed that the user uninstalled the app.',
  'users.behaviors.app.FirstSession': 'The user started the app for the first time.',
  'users.behaviors.app.NewsFeedImpression': 'The user saw the News Feed.',
  'users.behaviors.app.SessionEnd': 'A session of the user in the app ended.',
  'users.behaviors.app.SessionStart': 'The user started a session in the app.',
  'users.behaviors.liveactivity.PushToStartTokenChange':
    'The push token that starts Live Activities on the device changed.',
  'users.behaviors.liveactivity.UpdateTokenChange': 'The push token that updates a Live Activity changed.',
  'users.behaviors.pushnotification.TokenStateChange':
    'A push token of the user was added, updated or removed.',
  'users.behaviors.subscription.GlobalStateChange':
    'The subscription of the user to a whole channel, such as email, changed.',
  'users.behaviors.subscriptiongroup.StateChange':
    'The subscription of the user to a subscription group changed.',
  'users.campaigns.Conversion': 'The user did what a campaign counts as its conversion.',
  'users.campaigns.EnrollInControl': 'The user joined the control group of a campaign, and gets no message.',
  'users.canvas.Conversion': 'The user did what a Canvas counts as its conversion.',
  'users.canvas.Entry': 'The user entered a Canvas.',
  'users.canvas.costep.Send': 'Braze sent a message of a content optimizer step of a Canvas.',
  'users.canvas.exit.MatchedAudience': 'The user left a Canvas, since they matched its exit audience.',
  'users.canvas.exit.PerformedEvent': 'The user left a Canvas, since they performed its exit event.',
  'users.canvas.experimentstep.Conversion':
    'The user did what an experiment step of a Canvas counts as its conversion.',
  'users.canvas.experimentstep.SplitEntry': 'The user entered a path of an experiment step of a Canvas.',
  'users.canvasstep.Progression': 'The user moved on from one step of a Canvas.',
  'users.messages.email.Click': 'The user clicked a link in an email.',
  'users.messages.email.Unsubscribe': 'The user clicked the link by which they unsubscribe from emails.',
  'users.messages.featureflag.Impression': 'The user took part in a feature flag experiment.',
  'users.messages.pushnotification.IosForeground':
    'The user received a push notification on iOS while the app was open.',
  'users.messages.liveactivity.Send': 'Braze sent a push that starts, updates or ends a Live Activity.',
  'users.messages.whatsapp.Click': 'The user clicked a tracked link in a WhatsApp message.',
  'users.profile.Update': 'The profile of the user changed in Braze.',
};

/** A sentence about the event, in words of ours, and the event type of Braze. */
export function eventDescription({ eventType, name }: CatalogueEntry): string {
  const parts = eventType.split('.');
  const message = messages[parts[2] ?? ''];
  const action = actions[parts.at(-1) ?? ''];
  const derived = message === undefined ? undefined : action?.(message);
  const sentence = others[eventType] ?? derived ?? `The event ${name} of Braze.`;
  return `${sentence} Braze event type: ${eventType}.`;
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
