/** The Core Business Vocabulary (CBV 2.0) as EPCIS documents spell it. */

/** `schemeId` of an event's activity whose code is a business step. */
export const BIZ_STEP_SCHEME = 'https://ref.gs1.org/cbv/BizStep';
