export { type CallerHeaders, type Foreign, foreignCaller, isAddress, isLoopbackName } from './foreign.ts';
