import { describe, expect, it } from '@jest/globals';
import { consumerGroupOf, topics } from '@fangpin/contracts';
import { assertCatalogue } from './catalogue.js';
import type { EventHandler } from './port.js';

const handle = () => Promise.resolve();
const ofAlerts: EventHandler = { topic: topics.alert, handle };
const ofBulk: EventHandler = { topic: topics.alertBulk, handle };
const ofHouseholds: EventHandler = { topic: topics.household, handle };
const ofShocks: EventHandler = { topic: topics.shock, handle };
const ofTallies: EventHandler = { topic: topics.answerTally, handle };
const ofQuestions: EventHandler = { topic: topics.exposureQuestion, handle };

describe('the catalogue at boot', () => {
  it('is content when every topic that names the service has its one handler', () => {
    const all = [ofAlerts, ofBulk, ofHouseholds, ofShocks, ofTallies];
    expect(() => assertCatalogue('assistance-cases', all)).not.toThrow();
    expect(() => assertCatalogue('household-registry', [ofQuestions])).not.toThrow();
  });

  it('stops a service that has no handler for a topic that names it', () => {
    expect(() => assertCatalogue('assistance-cases', [])).toThrow(/alerts\.alert\.v1 names assistance-cases/);
  });

  it('stops a service that handles what does not name it', () => {
    expect(() => assertCatalogue('shock-feeds', [ofAlerts])).toThrow(/without standing in its catalogue/);
  });

  it('stops a service with two handlers for one topic', () => {
    expect(() => assertCatalogue('assistance-cases', [ofAlerts, ofBulk, ofShocks, ofTallies, ofAlerts])).toThrow(
      /two handlers/,
    );
  });

  it('names the group that takes a topic in: what may wait for live work has one of its own', () => {
    expect(consumerGroupOf(topics.household, 'risk-alerts')).toBe('risk-alerts');
    expect(consumerGroupOf(topics.household, 'assistance-cases')).toBe('assistance-cases.household.bulk');
    expect(consumerGroupOf(topics.alertBulk, 'assistance-cases')).toBe('assistance-cases.bulk');
  });
});
