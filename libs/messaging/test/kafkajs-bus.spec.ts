import { createKafkaBus } from '../src/index.js';
import { busPortSuite } from './bus-port.suite.js';

busPortSuite('kafkajs', createKafkaBus);
