/** How the fan-out cuts and keeps its work. Sizes are of the machine, not of the domain, so they are settings, not policy. */
export interface FanOutSettings {
  /** Households of a slice, about: 15,000–20,000 paid best (architecture §12). */
  readonly sliceHouseholds: number;
  /** Slices run at once by one instance: while one waits for its commit, the other computes. */
  readonly slicesAtOnce: number;
  /** After so long without a renewal, which a running slice makes three times in it, a slice is taken to be abandoned. */
  readonly leaseSeconds: number;
  /** A live shock that has waited so long for the exposure is planned with what that knows; 0: at once. */
  readonly awaitExposureSeconds: number;
  /** Group under which this service reads the topics. */
  readonly consumerGroup: string;
}

export const FAN_OUT_SETTINGS = Symbol('FAN_OUT_SETTINGS');
