import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface HttpMetrics {
  /** Counts one answered request; `route` is the pattern, never the path, so that ids make no series. */
  observe(method: string, route: string, status: number, seconds: number): void;
}

/** The process's registry with Node's own figures; one per application, so that tests can run several. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return { observe: (method, route, status, seconds) => duration.observe({ method, route, status }, seconds) };
}

/** A counter of the process; `labels` must have few values, none of them about a person or a place. */
export function createCounter<const Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labels: readonly Label[] = [],
): Counter<Label> {
  return new Counter({ name, help, labelNames: [...labels], registers: [registry] });
}

/** A gauge of the process, its values told anew by `collect` at every reading; labels as of {@link createCounter}. */
export function createGauge<const Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labels: readonly Label[],
  collect: (gauge: Gauge<Label>) => void,
): Gauge<Label> {
  return new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      collect(this);
    },
  });
}
