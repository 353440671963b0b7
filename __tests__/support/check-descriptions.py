"""Checks a bag's RO-Crate description against the rules of RO-Crate 1.1 and its package list against CycloneDX's JSON schema.

check-descriptions.py BAG: prints each problem, exit code 1 when there is any. Works without a network: the JSON-LD context of RO-Crate, which
only maps names to IRIs, is stood in for by the part of it that a bag uses.
"""
import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from rdflib.plugins.shared.jsonld.context import Context
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings

CONTEXT_URL = "https://w3id.org/ro/crate/1.1/context"
SCHEMA_ORG = "http://schema.org/"
CONTEXT = {
    "@context": {
        **{name: SCHEMA_ORG + name for name in (
            "CreativeWork Dataset SoftwareApplication OperatingSystem Person Organization about author creator "
            "datePublished description encodingFormat hasPart license mentions name version identifier url"
        ).split()},
        "File": SCHEMA_ORG + "MediaObject",
        "conformsTo": "http://purl.org/dc/terms/conformsTo",
    }
}

fetch = Context._fetch_context


def fetch_offline(self, source, *args):
    return CONTEXT if source == CONTEXT_URL else fetch(self, source, *args)


Context._fetch_context = fetch_offline

bag = sys.argv[1]
problems = []
with open(f"{bag}/sbom.cdx.json") as file:
    text = file.read()
version = SchemaVersion.from_version(json.loads(text)["specVersion"])
error = JsonStrictValidator(version).validate_str(text)
if error:
    problems.append(f"sbom.cdx.json: {error}")
result = services.validate(ValidationSettings(
    rocrate_uri=bag, profile_identifier="ro-crate-1.1", requirement_severity=Severity.REQUIRED,
))
# 3.1 and 3.2 fetch the context themselves.
problems += [f"ro-crate-metadata.json: {issue.check.identifier}: {issue.message}" for issue in result.get_issues()
             if issue.check.identifier not in ("ro-crate-1.1_3.1", "ro-crate-1.1_3.2")]
print("\n".join(problems))
sys.exit(1 if problems else 0)
