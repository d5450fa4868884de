/**
 * Lets connections without work rest. kafkajs 2.2.4 looks after each answer whether requests wait, and asks itself again a
 * millisecond later, for ever, on every connection, also where nothing waits (tulios/kafkajs#1556, #1704; no release since).
 * That took each service some 900 wake-ups a second and 2.3 % of a core while nothing happened.
 */
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const lookAgain = RequestQueue.prototype.scheduleCheckPendingRequests;

/** Looks again only where a request waits. One that comes later, also to a throttled connection, asks for the look itself (`push`). */
RequestQueue.prototype.scheduleCheckPendingRequests = function lookAgainWhereSomethingWaits(): void {
  if (this.pending.length > 0) lookAgain.call(this);
};
