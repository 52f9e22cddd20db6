import { SubmissionTrailElement } from "./submission-trail-element";

customElements.define("submission-trail", SubmissionTrailElement);
