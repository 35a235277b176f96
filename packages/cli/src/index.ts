/** What other programs of this project take from the command line: a service with its engines. */
export { type Deployment, type DeploymentOptions, startDeployment } from './deployment.ts';
