/**
 * What other programs of this project take from the command line: a service with its engines, a trace as text, the reference of commands. The command
 * line holds no rule of the domain; it reads settings and files, calls the SDK, and says what came of it.
 */
export { formatTrace } from './commands/trace.ts';
export { type Deployment, type DeploymentOptions, startDeployment } from './deployment.ts';
export { renderReference } from './reference.ts';
