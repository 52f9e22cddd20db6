kubectl create service clusterip clip --tcp=8080:80
kubectl get service clip
kubectl get endpointslices
