/** A CAP message as it was said, in one shape for every version and the national dialect. Nothing is judged here. */
export type CapDialect = '1.2' | '1.1' | '1.0' | 'cn-12379' | 'unknown';

/** A remark on what was repaired, assumed or left out; `code` is stable, `text` is for officers. */
export interface Problem {
  readonly code: string;
  readonly text: string;
}

export interface CapReference {
  readonly sender: string;
  readonly identifier: string;
  /** As written; often not the time that the message itself states. */
  readonly sent: string;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export interface CapArea {
  readonly areaDesc: string;
  readonly polygons: readonly string[];
  readonly circles: readonly string[];
  readonly geocodes: readonly NamedValue[];
}

export interface CapInfo {
  readonly language: string;
  readonly event: string;
  readonly eventCodes: readonly NamedValue[];
  readonly urgency: string;
  readonly severity: string;
  readonly certainty: string;
  readonly effective: string;
  readonly onset: string;
  readonly expires: string;
  readonly senderName: string;
  readonly headline: string;
  /** What the public is to do, in the standard's words; `AllClear` says that it is over. Absent: stored before it was read. */
  readonly responseTypes?: readonly string[];
  readonly areas: readonly CapArea[];
}

/** Texts are empty where the message has none. */
export interface CapMessage {
  readonly dialect: CapDialect;
  readonly namespace: string;
  readonly identifier: string;
  readonly sender: string;
  readonly sent: string;
  readonly status: string;
  readonly msgType: string;
  readonly references: readonly CapReference[];
  readonly infos: readonly CapInfo[];
  /** An XML signature stands in the message; whether it holds is told apart (check-signature.ts). */
  readonly signed: boolean;
}
