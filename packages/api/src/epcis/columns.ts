/** What an EPCIS event is looked for by: words and names in one spelling, as questions about them are spelled before they are asked. */
import { parseInstant } from '@dpp-ledger/core/credential';
import { canonicalEpc, type EpcisObject, type Vocabulary, vocabularyUri } from '@dpp-ledger/core/event';
import type { EpcisColumns } from '../database/schema.ts';

/** Parts that things have in events. */
export type Part = 'epc' | 'parent' | 'input' | 'output' | 'epcClass' | 'inputClass' | 'outputClass';

const LISTS: Readonly<Record<string, Part>> = {
  epcList: 'epc',
  childEPCs: 'epc',
  parentID: 'parent',
  inputEPCList: 'input',
  outputEPCList: 'output',
  quantityList: 'epcClass',
  childQuantityList: 'epcClass',
  inputQuantityList: 'inputClass',
  outputQuantityList: 'outputClass',
};

/** How a question spells a word or a place. */
export const spell = {
  bizStep: (word: string) => clean(vocabularyUri(word, 'bizStep')),
  disposition: (word: string) => clean(vocabularyUri(word, 'disposition')),
  place: (id: string) => clean(canonicalEpc(id)),
};

/** Of an event with an id that was read by the core. */
export function columnsOf(event: EpcisObject): EpcisColumns {
  return {
    event_id: String(event.eventID),
    type: String(event.type),
    action: textOf(event.action),
    event_time: parseInstant(String(event.eventTime)) ?? 0,
    biz_step: wordOf(event.bizStep, 'bizStep'),
    disposition: wordOf(event.disposition, 'disposition'),
    read_point: placeOf(event.readPoint),
    biz_location: placeOf(event.bizLocation),
    things: thingsOf(event),
    event: JSON.stringify(event),
  };
}

/** A thing with its part, as `things` has it. */
export function formatThing(part: Part, name: string): string {
  return `${part} ${clean(canonicalEpc(name))}`;
}

function thingsOf(event: EpcisObject): string[] {
  const found = Object.entries(LISTS).flatMap(([field, part]) =>
    [event[field]].flat().flatMap((one) => {
      const name = typeof one === 'object' && one !== null ? Reflect.get(one, 'epcClass') : one;
      return typeof name === 'string' ? [formatThing(part, name)] : [];
    }),
  );
  return [...new Set(found)];
}

function wordOf(value: unknown, vocabulary: Vocabulary): string | null {
  return typeof value === 'string' ? clean(vocabularyUri(value, vocabulary)) : null;
}

function placeOf(place: unknown): string | null {
  const id = typeof place === 'object' && place !== null ? Reflect.get(place, 'id') : undefined;
  return typeof id === 'string' ? clean(canonicalEpc(id)) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? clean(value) : null;
}

/** What PostgreSQL can hold and index: questions may be any text, and so may words in events of types that nobody knows. */
export function clean(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').slice(0, 2_048).toWellFormed();
}
