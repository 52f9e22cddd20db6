# fails: known
kubectl patch configmap api -p '{"data":{"LEVEL":"debug"}}'
