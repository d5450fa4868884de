/** Injection tokens of what {@link ServiceKitModule} provides beside classes. */
export const ENV = Symbol('fangpin:env');
export const LOGGER = Symbol('fangpin:logger');
export const CLOCK = Symbol('fangpin:clock');
/** The bus (libs/messaging port); absent when the module is made with `bus: false`. */
export const BUS = Symbol('fangpin:bus');
/** Database on the bulk writer's role; only where WRITER_DATABASE_URL is set. */
export const WRITER = Symbol('fangpin:writer');
/** The process's prom-client registry. */
export const METRICS = Symbol('fangpin:metrics');
/** @internal */
export const KIT_OPTIONS = Symbol('fangpin:kit-options');
