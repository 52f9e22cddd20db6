import "./submission-trail.css";
import { SubmissionTrailElement } from "./submission-trail-element";

customElements.define("submission-trail", SubmissionTrailElement);
