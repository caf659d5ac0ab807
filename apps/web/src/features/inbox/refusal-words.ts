// Why a message was refused, and what a person can do about it. Pure.
import type { ReplayHindrance } from '@hearth/contracts';

export interface RefusalWords {
  readonly title: string;
  /** The next step, as a sentence. */
  readonly advice: string;
}

const REPLAY = 'then replay.';
/** By the code of the refusal. What is not here, is newer than this page: see `describeRefusal`. */
const WORDS: ReadonlyMap<string, RefusalWords> = new Map(
  Object.entries({
    'unknown-topic': {
      title: 'Unknown topic',
      advice:
        'Correct the topic in what sends it. Only the topics of a device may begin with hearth/.',
    },
    'not-from-devices': {
      title: 'A topic of Hearth’s own',
      advice:
        'Commands and targets are sent by Hearth only. Let what sends it use the API for that.',
    },
    'topic-too-long': {
      title: 'Topic too long',
      advice: 'Use a shorter topic in what sends it.',
    },
    'payload-too-large': {
      title: 'Message too large',
      advice: 'Let what sends it split it up, such as a backfill into several messages.',
    },
    'payload-empty': {
      title: 'Empty message',
      advice: 'Nothing to keep. Let what sends it leave out messages without a value.',
    },
    'not-utf8': {
      title: 'Not text',
      advice: 'Readings are sent as text, in UTF-8. Correct what sends them.',
    },
    'not-json': {
      title: 'Not JSON',
      advice:
        'Correct what sends it. Often a quote or a bracket is missing, or the message is cut off.',
    },
    'wrong-shape': {
      title: 'Not in a form that Hearth reads',
      advice: 'Compare a message with the form that the reason names, and correct what sends it.',
    },
    'no-metrics': {
      title: 'Nothing measured',
      advice: 'The message holds no values. Correct what sends it.',
    },
    'too-many-entries': {
      title: 'Too many entries',
      advice: 'Let what sends it split the backfill into several messages.',
    },
    'too-many-metrics': {
      title: 'Too many metrics at once',
      advice: 'Let what sends it split the message up.',
    },
    'bad-metric-name': {
      title: 'Metric name not allowed',
      advice: 'Rename the metric in what sends it.',
    },
    'not-finite': {
      title: 'Not a number',
      advice: 'A sensor that fails often says NaN. Check it, and let it send nothing instead.',
    },
    'no-value': {
      title: 'No value',
      advice: 'A sensor without a value should send nothing instead of null.',
    },
    'text-not-storable': {
      title: 'Text that cannot be kept',
      advice: 'Let what sends it shorten the text, and leave out what is no character.',
    },
    'ts-not-integer': {
      title: 'Time not understood',
      advice: 'ts is whole milliseconds since 1970. Correct what sends it.',
    },
    'ts-missing': {
      title: 'Backfill without times',
      advice: 'Each entry of a backfill needs its ts. Correct what sends it.',
    },
    'seq-not-integer': {
      title: 'Sequence number not understood',
      advice: 'seq is a whole number. Correct what sends it.',
    },
    'unit-not-text': {
      title: 'Unit not understood',
      advice: 'A unit is a short text such as °C. Correct what sends it.',
    },
    'unknown-device': {
      title: 'Unknown device',
      advice: `Register a device with the id that stands in the topic, ${REPLAY}`,
    },
    'bad-device-id': {
      title: 'No device in the topic',
      advice: `A level of the topic that should name the device is empty or no name. Change the mapping, ${REPLAY}`,
    },
    'value-missing': {
      title: 'No value where the mapping looks',
      advice: `Compare a message with the paths of the mapping that the reason names, ${REPLAY}`,
    },
    'device-not-made': {
      title: 'Device not added',
      advice: `Register the device by hand, or map its topic to another, ${REPLAY}`,
    },
    impostor: {
      title: 'Spoke for another device',
      advice: 'A device may only send its own readings. Check which user name the sender uses.',
    },
    'ts-too-old': {
      title: 'From before the year 2000',
      advice:
        'Set the clock of the device, for example by NTP. ts is in milliseconds, not seconds.',
    },
    'ts-not-kept': {
      title: 'From before what the home keeps',
      advice:
        'The home has removed its readings of that time, as its settings under History and storage say. A late one could not be added any more.',
    },
    'ts-too-far-ahead': {
      title: 'From the future',
      advice: 'Set the clock of the device, for example by NTP.',
    },
    'wrong-type': {
      title: 'Another kind of value than before',
      advice:
        'A metric stays a number, on and off, or a text. Give the other kind a metric of its own.',
    },
    'out-of-range': {
      title: 'Impossible value',
      advice: `Where only the unit is missing, declare it in the device’s info, ${REPLAY} Else check the sensor.`,
    },
    'unknown-unit': {
      title: 'Unit cannot be converted',
      advice: 'Use a unit of the same quantity, or give the metric another name.',
    },
    'too-many-series': {
      title: 'Too many metrics',
      advice: 'The device has invented more metrics than it may have. Correct what sends them.',
    },
    'too-fast': {
      title: 'Too many at one time',
      advice: 'Let what sends it give each reading its ts.',
    },
  }),
);

/** `value-out-of-range` → Value out of range. */
export function codeWords(code: string): string {
  const words = code.replaceAll(/[-_]/g, ' ').replaceAll(/\bjson\b/g, 'JSON');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What happened, and what to do. A code that is not known here is spelt out. */
export function describeRefusal(code: string): RefusalWords {
  return (
    WORDS.get(code) ?? {
      title: codeWords(code),
      advice: `Correct what sends it, or how its topic is mapped, ${REPLAY}`,
    }
  );
}

const HINDRANCES: Readonly<Record<ReplayHindrance, string>> = {
  cut: 'Too large: only the first bytes were kept.',
  'no-readings': 'What a device said of itself then holds no readings.',
  'sender-gone': 'The sender is not registered any more.',
  'not-allowed': 'The sender may not publish to the topic any more.',
  unclaimed: 'No mapping claims the topic.',
  busy: 'Too many readings wait to be stored: try again in a moment.',
};

/** Why a message is not replayed, as a sentence. */
export function describeHindrance(hindrance: ReplayHindrance): string {
  return HINDRANCES[hindrance];
}
