import { topicCatalogue, type ServiceName, type Topic } from '@fangpin/contracts';
import type { EventHandler } from './port.js';

/**
 * Throws at boot when the catalogue and a service's handlers disagree: a topic that names the service and has no handler
 * would be lost in silence, one handled twice or unasked would be applied wrongly.
 */
export function assertCatalogue(
  service: ServiceName,
  handlers: readonly EventHandler[],
  catalogue: readonly Topic[] = topicCatalogue,
): void {
  const problems: string[] = [];
  const handled = handlers.map((handler) => handler.topic.name);
  for (const topic of catalogue)
    if (topic.consumers.includes(service) && !handled.includes(topic.name))
      problems.push(`${topic.name} names ${service} as a consumer, but it has no handler for it`);
  for (const name of new Set(handled)) {
    const topic = catalogue.find((candidate) => candidate.name === name);
    if (!topic?.consumers.includes(service))
      problems.push(`${service} handles ${name} without standing in its catalogue`);
    if (handled.filter((other) => other === name).length > 1) problems.push(`${service} has two handlers for ${name}`);
  }
  if (problems.length > 0) throw new Error(`the topic catalogue does not fit: ${problems.join('; ')}`);
}
