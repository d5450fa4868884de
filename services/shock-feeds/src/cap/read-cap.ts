/** From an XML tree to CAP messages: versions, prefixes and the national dialect read alike. */
import type { FieldProblem } from '@fangpin/domain-kit';
import type { CapArea, CapDialect, CapInfo, CapMessage, NamedValue } from './cap-message.js';
import { readReferences } from './cap-references.js';
import { UnreadableXml } from './cap.errors.js';
import type { XmlElement } from './read-xml.js';

const DIALECTS: ReadonlyMap<string, CapDialect> = new Map(
  Object.entries({
    'urn:oasis:names:tc:emergency:cap:1.2': '1.2',
    'urn:oasis:names:tc:emergency:cap:1.1': '1.1',
    'http://www.incident.com/cap/1.0': '1.0',
    'urn:oasis:names:tc:emergency:cap:1.0': '1.0',
    'http://com.icss.amp': 'cn-12379',
  }),
);
const SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#';
const MAX_ALERTS = 1_000;

export interface CapDocument {
  /** The root is no `alert` itself but wraps several (a feed, a bundle). */
  readonly bundle: boolean;
  readonly alerts: readonly XmlElement[];
}

/** The outermost `alert` elements of a document. Refuses a document without one. */
export function findAlerts(root: XmlElement): CapDocument {
  if (root.name === 'alert') return { bundle: false, alerts: [root] };
  const alerts: XmlElement[] = [];
  const visit = (element: XmlElement): void => {
    if (element.name === 'alert') alerts.push(element);
    else element.children.forEach(visit);
  };
  visit(root);
  if (alerts.length === 0) throw new UnreadableXml('must hold an alert element', 'CAP.NO_ALERT');
  if (alerts.length > MAX_ALERTS) throw new UnreadableXml(`must hold at most ${MAX_ALERTS} alerts`, 'CAP.TOO_MANY');
  return { bundle: true, alerts };
}

/** One message, and the elements that its version requires and it lacks. */
export function readCap(alert: XmlElement): {
  readonly message: CapMessage;
  readonly missing: readonly FieldProblem[];
} {
  const dialect = DIALECTS.get(alert.namespace) ?? 'unknown';
  const text = reader(alert);
  const sender = text('sender');
  const message: CapMessage = {
    dialect,
    namespace: alert.namespace,
    identifier: text('identifier'),
    sender,
    sent: dialect === 'cn-12379' ? text('sendTime') || text('sent') : text('sent'),
    status: text('status'),
    msgType: text('msgType'),
    references: readReferences(text('references'), sender),
    infos: childrenOf(alert, 'info').map(readInfo),
    signed: alert.children.some((child) => child.name === 'Signature' && child.namespace === SIGNATURES),
  };
  return { message, missing: missingOf(alert, dialect) };
}

function readInfo(info: XmlElement): CapInfo {
  const text = reader(info);
  const eventType = text('eventType');
  const codes = childrenOf(info, 'eventCode').map(namedValue);
  return {
    language: text('language'),
    event: text('event'),
    eventCodes: eventType === '' ? codes : [{ name: 'eventType', value: eventType }, ...codes],
    urgency: text('urgency'),
    severity: text('severity'),
    certainty: text('certainty'),
    effective: text('effective'),
    onset: text('onset'),
    expires: text('expires'),
    senderName: text('senderName'),
    headline: text('headline'),
    responseTypes: childrenOf(info, 'responseType').map((element) => element.text),
    areas: childrenOf(info, 'area').map(readArea),
  };
}

function readArea(area: XmlElement): CapArea {
  const texts = (name: string): string[] =>
    childrenOf(area, name)
      .map((child) => child.text)
      .filter((value) => value !== '');
  return {
    areaDesc: reader(area)('areaDesc'),
    polygons: texts('polygon'),
    circles: texts('circle'),
    geocodes: childrenOf(area, 'geocode').map(namedValue),
  };
}

/** CAP 1.1 and later hold `valueName` and `value`; CAP 1.0 writes `name=value`, the national dialect the value alone. */
function namedValue(element: XmlElement): NamedValue {
  if (element.children.length > 0) return { name: reader(element)('valueName'), value: reader(element)('value') };
  const equals = element.text.indexOf('=');
  return equals < 0
    ? { name: '', value: element.text }
    : { name: element.text.slice(0, equals).trim(), value: element.text.slice(equals + 1).trim() };
}

/**
 * What the version requires and a message lacks. `category` and `certainty` are required too, but real feeds leave them
 * out and nothing here rests on them.
 */
function missingOf(alert: XmlElement, dialect: CapDialect): FieldProblem[] {
  if (dialect === 'unknown') return [];
  const missing: FieldProblem[] = [];
  const need = (element: XmlElement, path: string, names: readonly string[]): void => {
    const text = reader(element);
    for (const name of names)
      if (text(name) === '')
        missing.push({ field: `${path}.${name}`, value: null, rule: `is required by CAP ${dialect}` });
  };
  const national = dialect === 'cn-12379';
  need(alert, 'alert', ['identifier', 'sender', national ? 'sendTime' : 'sent', 'status', 'msgType']);
  if (dialect === '1.1' || dialect === '1.2') need(alert, 'alert', ['scope']);
  childrenOf(alert, 'info').forEach((info, i) => {
    need(info, `alert.info[${i}]`, [national ? 'eventType' : 'event', 'urgency', 'severity']);
    childrenOf(info, 'area').forEach((area, j) => need(area, `alert.info[${i}].area[${j}]`, ['areaDesc']));
  });
  return missing;
}

/** Children of the parent's own namespace: what stands in another one is an extension. */
function childrenOf(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.namespace === parent.namespace);
}

function reader(parent: XmlElement): (name: string) => string {
  return (name) => childrenOf(parent, name)[0]?.text ?? '';
}
