{{- /* The metadata of an object that lies in the release's namespace. */ -}}
{{- define "cocoon-operator.metadata" -}}
name: cocoon-operator
namespace: {{ .Release.Namespace }}
labels:
  app.kubernetes.io/name: cocoon-operator
{{- end }}
