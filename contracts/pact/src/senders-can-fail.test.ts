import assert from 'node:assert/strict';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { describe, expect, it } from 'vitest';
import { brazeContract } from './braze/cases.ts';
import { fileOf, type HttpContract } from './contract.ts';
import { currentsContract } from './currents/cases.ts';
import { mixpanelContract } from './mixpanel/cases.ts';
import { committed, type PactRequest, readPactFile } from './pact-file.ts';
import { webhookContract } from './webhook/cases.ts';
import { temporaryFolder, writeContract } from './write-contract.ts';

/** Plays one case with the request of the committed file in which `from` is replaced by `to`. */
async function playChanged(contract: HttpContract, description: string, from: string, to: string) {
  const { interactions } = await readPactFile(committed(fileOf(contract)));
  const request = interactions.find(each => each.description === description)?.request;
  const found = contract.cases.find(({ interaction }) => interaction.uponReceiving === description);
  assert(request && found, `${fileOf(contract)} must have a case "${description}"`);
  const text = JSON.stringify(request);
  assert(text.includes(from), `"${description}" must hold ${from}`);
  const play = async (url: string) => void (await send(url, JSON.parse(text.replace(from, to))));
  await using folder = await temporaryFolder();
  await writeContract({ ...contract, cases: [{ ...found, play }] }, folder.path);
}

function send(url: string, { method, path, query = {}, headers, body }: PactRequest): Promise<Response> {
  const address = new URL(path, url);
  for (const [name, values] of Object.entries(query)) address.searchParams.set(name, values.join());
  const lines = Object.entries(headers).map(([name, values]): [string, string] => [name, values.join()]);
  return fetch(address, { method, headers: lines, body: JSON.stringify(body.content) });
}

const emailSend = 'an event of type users.messages.email.Send';
const importOfAll = `an import of one event of every type of ${catalogue2022_06.id}`;

describe.each<[string, HttpContract, [what: string, from: string, to: string][]]>([
  [
    emailSend,
    currentsContract(catalogue2022_06),
    [
      ['misspells the event type', 'users.messages.email.Send', 'users.messages.email.Sent'],
      ['renames a property', '"campaign_id"', '"campaignId"'],
      ['adds a property that is not listed', '"properties":{', '"properties":{"extra":true,'],
      ['omits the id', '"id":', '"uuid":'],
      ['turns the time into text', '"time":1700000000', '"time":"1700000000"'],
      ['uses another version', '"Braze-Currents-Version":["1"]', '"Braze-Currents-Version":["2"]'],
    ],
  ],
  [
    importOfAll,
    mixpanelContract,
    [
      ["lets Mixpanel derive the users' location from the service's address", '"ip":["0"]', '"ip":["1"]'],
      ['does not request strict answers', '"strict":["1"]', '"strict":["0"]'],
      ['omits the prefix of custom events', '[Braze Custom Event] ', ''],
      ['claims to be another partner', '"$partner_id":"braze"', '"$partner_id":"other"'],
    ],
  ],
  [
    'members that leave',
    brazeContract,
    [['adds leaving members', '"should_remove":true', '"should_remove":false']],
  ],
  [
    'attributes that are all accepted',
    brazeContract,
    [['makes users', '"_update_existing_only":true', '"_update_existing_only":false']],
  ],
  [
    'the second of two pages of a cohort',
    webhookContract,
    [
      ['requests another action', '"action":"members"', '"action":"add_members"'],
      ['counts pages differently', '"page_count":2', '"page_count":1'],
      ["omits the member's id", '"mixpanel_distinct_id"', '"distinct_id"'],
    ],
  ],
])('%s', (description, contract, changes) => {
  it('keeps the unchanged contract', () =>
    playChanged(contract, description, '"method":"POST"', '"method":"POST"'));

  it.each(changes)('fails for a sender that %s', async (_, from, to) => {
    await expect(playChanged(contract, description, from, to)).rejects.toThrow(
      'The following request was incorrect',
    );
  });
});
